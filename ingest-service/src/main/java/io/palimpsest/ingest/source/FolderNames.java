package io.palimpsest.ingest.source;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of a collection's watched folders. A root keeps the name it once got, whatever is watched beside it and in
 * whatever order, so that a folder is never compared with another's listing. The very first needs none.
 */
public final class FolderNames {
    private static final Logger LOG = LoggerFactory.getLogger(FolderNames.class);

    private FolderNames() {}

    /** @return each root, absolute, with its name; in the given order, each once */
    public static Map<Path, String> of(Sql sql, CollectionKey collection, List<Path> roots) {
        Map<Path, String> watched = new LinkedHashMap<>();
        roots.forEach(root -> watched.put(root.toAbsolutePath().normalize(), ""));
        Map<String, String> all = sql.inTurn("folder_root", transaction -> {
            Map<String, String> known = known(transaction, collection);
            Set<String> taken = taken(transaction, collection, known);
            for (Path root : watched.keySet()) {
                if (!known.containsKey(root.toString())) {
                    String name = free(root, taken);
                    known.put(root.toString(), name);
                    transaction.update(
                            "INSERT INTO folder_root (collection, root, name) VALUES (?, ?, ?)",
                            collection.toString(),
                            root.toString(),
                            name);
                }
            }
            return known;
        });
        watched.replaceAll((root, none) -> all.getOrDefault(root.toString(), ""));
        all.forEach((root, name) -> {
            if (watched.keySet().stream().noneMatch(path -> path.toString().equals(root))) {
                LOG.atWarn()
                        .log("the folder {} was watched (as \"{}\") and is not now: its documents stay", root, name);
            }
        });
        return watched;
    }

    private static Map<String, String> known(Sql.Transaction transaction, CollectionKey collection)
            throws SQLException {
        Map<String, String> names = new LinkedHashMap<>();
        transaction
                .query(
                        "SELECT root, name FROM folder_root WHERE collection = ? ORDER BY name",
                        row -> Map.entry(row.getString("root"), row.getString("name")),
                        collection.toString())
                .forEach(entry -> names.put(entry.getKey(), entry.getValue()));
        return names;
    }

    /** Listings from before roots were written down are taken up once, in the order that named them then. */
    private static Set<String> taken(Sql.Transaction transaction, CollectionKey collection, Map<String, String> known)
            throws SQLException {
        Set<String> taken = new HashSet<>(known.values());
        if (!known.isEmpty()) {
            String prefix = collection + "/";
            transaction.query("SELECT folder FROM folder_source", row -> row.getString("folder")).stream()
                    .filter(folder -> folder.startsWith(prefix))
                    .forEach(folder -> taken.add(folder.substring(prefix.length())));
        }
        return taken;
    }

    private static String free(Path root, Set<String> taken) {
        if (taken.add("")) {
            return "";
        }
        Path last = root.getFileName();
        String name = last == null ? "root" : last.toString().replaceAll("\\p{Cntrl}", "_");
        String unique = name;
        for (int i = 2; !taken.add(unique); i++) {
            unique = name + "-" + i;
        }
        return unique;
    }
}
