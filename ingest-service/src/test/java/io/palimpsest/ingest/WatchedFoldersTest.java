package io.palimpsest.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.config.Settings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchedFoldersTest {
    @TempDir
    Path dir;

    @Test
    void aDatabaseOutsideOfTheDataDirectoryIsOurOwnToo() {
        Path file = dir.resolve("elsewhere.db");
        Settings settings = Settings.load(Map.of(
                "data.dir", dir.resolve("data").toString(), "database.url", "jdbc:sqlite:" + file + "?cache=shared"));

        assertThat(WatchedFolders.own(settings))
                .contains(file, dir.resolve("elsewhere.db-wal"), dir.resolve("elsewhere.db-shm"));
    }

    @Test
    void aServersDatabaseHasNoFiles() {
        Settings settings = Settings.load(
                Map.of("data.dir", dir.resolve("data").toString(), "database.url", "jdbc:postgresql://localhost/p"));

        assertThat(settings.database().files()).isEmpty();
        assertThat(WatchedFolders.own(settings)).contains(dir.resolve("data"));
    }
}
