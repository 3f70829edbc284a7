package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Inventory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where something of a document can be is known, all of it: a new table, topic or folder is covered by exactly one {@link
 * ErasableStore}, or it is in {@link Inventory} with the reason why no document is in it.
 */
final class InventoryTest {
    @TempDir
    private Path folder;

    @Test
    void everyTableTopicAndFolderOfARunningNodeHasOneStoreOrAReason() throws Exception {
        Path data = folder.resolve("data");
        try (House house = House.start(data, Map.of())) {
            house.index("created", "urn:a", House.markdown("# A\n\nSomething."));
            List<ErasableStore> stores = house.palimpsest.stores();

            assertThat(stores.stream().map(ErasableStore::name).toList())
                    .as("stores that an erasure waits for: Inventory.STORES")
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(Inventory.STORES);
            assertIsTotal("table", tables(), covered(stores, ErasableStore.Coverage::tables), Inventory.TABLES);
            assertIsTotal(
                    "topic",
                    Topics.all().stream().map(Topic::name).toList(),
                    covered(stores, ErasableStore.Coverage::topics),
                    Inventory.TOPICS);
            assertIsTotal("folder", names(data), covered(stores, ErasableStore.Coverage::folders), Inventory.FOLDERS);
        }
    }

    private List<String> tables() {
        Settings settings =
                Settings.load(Map.of("data.dir", folder.resolve("empty").toString()));
        try (Database database = Database.open(settings.database())) {
            return database.sql()
                    .query(
                            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
                            row -> row.getString(1));
        }
    }

    private static List<String> covered(
            List<ErasableStore> stores, Function<ErasableStore.Coverage, Set<String>> kind) {
        return stores.stream()
                .flatMap(store -> kind.apply(store.covers()).stream())
                .toList();
    }

    private static void assertIsTotal(
            String kind, Collection<String> there, List<String> covered, Map<String, String> harmless) {
        List<String> declared = new ArrayList<>(covered);
        declared.addAll(harmless.keySet());
        assertThat(declared).as("each %s is declared once", kind).doesNotHaveDuplicates();
        assertThat(there)
                .as("a %s without an ErasableStore that covers it, or a reason in Inventory why it needs none", kind)
                .isSubsetOf(declared);
        assertThat(harmless.values()).allSatisfy(reason -> assertThat(reason).isNotBlank());
    }

    private static Set<String> names(Path data) throws Exception {
        try (Stream<Path> all = Files.list(data)) {
            return all.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
