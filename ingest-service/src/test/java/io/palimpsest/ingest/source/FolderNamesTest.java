package io.palimpsest.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class FolderNamesTest {
    private static final CollectionKey COLLECTION = CollectionKey.of("local", "default");
    private static final Path A = Path.of("/srv/a/docs");
    private static final Path B = Path.of("/srv/b/docs");
    private static final Path C = Path.of("/srv/c");

    @TempDir
    Path dir;

    private TestDatabases databases;
    private Database database;

    TestDatabases databases(Path folder) {
        return TestDatabases.files(folder);
    }

    @BeforeEach
    void open() {
        databases = databases(dir);
        database = Database.open(databases.fresh());
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    @Test
    void aRootKeepsItsNameWhateverTheOrderAndItsNeighbours() {
        assertThat(names(A, B)).containsExactly(Map.entry(A, ""), Map.entry(B, "docs"));
        assertThat(names(B, A)).containsExactly(Map.entry(B, "docs"), Map.entry(A, ""));
        assertThat(names(B)).containsExactly(Map.entry(B, "docs"));
        assertThat(names(C, A)).containsExactly(Map.entry(C, "c"), Map.entry(A, ""));
    }

    @Test
    void anotherRootNeverTakesTheNameOfOneThatIsNotWatchedNow() {
        assertThat(names(A)).containsExactly(Map.entry(A, ""));
        assertThat(names(B)).containsExactly(Map.entry(B, "docs"));
        assertThat(names(Path.of("/srv/d/docs"))).containsValue("docs-2");
        assertThat(names(A)).containsExactly(Map.entry(A, ""));
    }

    @Test
    void listingsFromBeforeNamesWereWrittenDownAreTakenUpOnce() {
        listing("");
        listing("docs");
        listing("c");
        assertThat(names(A, B)).containsExactly(Map.entry(A, ""), Map.entry(B, "docs"));
        assertThat(names(A, B, C)).containsEntry(C, "c-2");
    }

    @Test
    void aRootThatIsNamedTwiceIsOneFolder() {
        assertThat(names(A, A.resolve("../docs"), A.resolve("."))).containsExactly(Map.entry(A, ""));
    }

    @Test
    void eachCollectionNamesItsOwn() {
        assertThat(names(A)).containsValue("");
        assertThat(FolderNames.of(database.sql(), CollectionKey.of("local", "other"), List.of(B)))
                .containsExactly(Map.entry(B, ""));
    }

    private Map<Path, String> names(Path... roots) {
        return FolderNames.of(database.sql(), COLLECTION, List.of(roots));
    }

    private void listing(String name) {
        assertThat(new FolderListing(database.sql(), COLLECTION + "/" + name, Clock.systemUTC()).size())
                .isZero();
    }
}
