package io.palimpsest.ingest.source;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last known listing of a folder, and the numbering of its changes.
 *
 * <p>Threading: confined to the source's thread. Ordering: numbers are reserved, with what they are for, before anything
 * is sent, and marked when it has arrived. After a kill in between the same number is sent again for the same bytes, and
 * the gate drops what it had; other bytes get a higher number.
 */
final class FolderListing {
    private final Sql sql;
    private final String folder;
    private final Map<String, Entry> entries = new HashMap<>();
    private final long generation;

    /**
     * One file.
     *
     * @param mtime microseconds
     * @param hash null: a delete was reserved
     */
    record Entry(long size, long mtime, @Nullable ContentHash hash, long sequence, boolean published) {}

    /** A change with its number. */
    record Numbered(FileChange change, long sequence) {}

    FolderListing(Sql sql, String folder, Clock clock) {
        this.sql = sql;
        this.folder = folder;
        // A listing made anew starts a later generation: its numbers are after all that were ever given.
        sql.update(
                "INSERT INTO folder_source (folder, generation, next_sequence) VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
                folder,
                clock.instant().getEpochSecond());
        this.generation = sql.first(
                        "SELECT generation FROM folder_source WHERE folder = ?", row -> row.getLong(1), folder)
                .orElseThrow();
        sql.query(
                        "SELECT path, size, mtime, hash, sequence, published FROM folder_listing WHERE folder = ?",
                        row -> Map.entry(
                                row.getString("path"),
                                new Entry(
                                        row.getLong("size"),
                                        row.getLong("mtime"),
                                        row.getString("hash") == null ? null : new ContentHash(row.getString("hash")),
                                        row.getLong("sequence"),
                                        row.getInt("published") == 1)),
                        folder)
                .forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
    }

    long generation() {
        return generation;
    }

    @Nullable
    Entry entry(String path) {
        return entries.get(path);
    }

    List<String> paths() {
        return List.copyOf(entries.keySet());
    }

    List<String> pathsUnder(String directory) {
        String prefix = directory + "/";
        return entries.keySet().stream().filter(path -> path.startsWith(prefix)).toList();
    }

    int size() {
        return entries.size();
    }

    /** The bytes are known, only the time differs: nothing to tell. */
    void touch(String path, Entry entry, long mtime) {
        sql.update("UPDATE folder_listing SET mtime = ? WHERE folder = ? AND path = ?", mtime, folder, path);
        entries.put(path, new Entry(entry.size(), mtime, entry.hash(), entry.sequence(), entry.published()));
    }

    /** As if it had been told of, so that its end is. */
    void assume(String path) {
        sql.update(
                "INSERT INTO folder_listing (folder, path, size, mtime, hash, sequence, published)"
                        + " VALUES (?, ?, 0, 0, NULL, 0, 1) ON CONFLICT (folder, path) DO NOTHING",
                folder,
                path);
        entries.put(path, new Entry(0, 0, null, 0, true));
    }

    /** As if it had never been told of. */
    void forget(String path) {
        sql.update("DELETE FROM folder_listing WHERE folder = ? AND path = ?", folder, path);
        entries.remove(path);
    }

    /** Gives each change its number, and writes down what is about to be sent. */
    List<Numbered> reserve(List<FileChange> changes) {
        List<Numbered> numbered = sql.inTransaction(transaction -> {
            transaction.update(
                    "UPDATE folder_source SET next_sequence = next_sequence + ? WHERE folder = ?",
                    changes.size(),
                    folder);
            long next = transaction
                            .query(
                                    "SELECT next_sequence FROM folder_source WHERE folder = ?",
                                    row -> row.getLong(1),
                                    folder)
                            .getFirst()
                    - changes.size();
            List<Numbered> given = new ArrayList<>(changes.size());
            List<@Nullable Object[]> rows = new ArrayList<>(changes.size());
            for (FileChange change : changes) {
                Long reserved = change.trace().reserved();
                long sequence = reserved == null ? next++ : reserved;
                given.add(new Numbered(change, sequence));
                rows.add(Columns.of(folder, change.path(), change.size(), change.mtime(), change.hash(), sequence));
            }
            transaction.updateAll(
                    "INSERT INTO folder_listing (folder, path, size, mtime, hash, sequence, published)"
                            + " VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (folder, path) DO UPDATE SET"
                            + " size = excluded.size, mtime = excluded.mtime, hash = excluded.hash,"
                            + " sequence = excluded.sequence, published = 0",
                    rows);
            return given;
        });
        numbered.forEach(n -> put(n, false));
        return numbered;
    }

    /** They have arrived. */
    void published(List<Numbered> changes) {
        sql.inTransaction(transaction -> {
            List<@Nullable Object[]> kept = new ArrayList<>();
            List<@Nullable Object[]> gone = new ArrayList<>();
            for (Numbered n : changes) {
                (n.change().isDelete() ? gone : kept)
                        .add(Columns.of(folder, n.change().path(), n.sequence()));
            }
            transaction.updateAll(
                    "UPDATE folder_listing SET published = 1 WHERE folder = ? AND path = ? AND sequence = ?", kept);
            transaction.updateAll("DELETE FROM folder_listing WHERE folder = ? AND path = ? AND sequence = ?", gone);
            return changes.size();
        });
        for (Numbered n : changes) {
            if (n.change().isDelete()) {
                entries.remove(n.change().path());
            } else {
                put(n, true);
            }
        }
    }

    private void put(Numbered n, boolean published) {
        FileChange change = n.change();
        entries.put(change.path(), new Entry(change.size(), change.mtime(), change.hash(), n.sequence(), published));
    }
}
