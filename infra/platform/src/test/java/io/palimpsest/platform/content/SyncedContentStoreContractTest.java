package io.palimpsest.platform.content;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Settings;
import java.nio.file.Path;
import java.util.Map;

/** As {@code content.sync} makes it. */
final class SyncedContentStoreContractTest extends FileContentStoreContractTest {
    @Override
    DatabaseSettings database(Path inFolder) {
        return Settings.load(Map.of("data.dir", inFolder.toString(), "content.sync", "true"))
                .database();
    }

    @Override
    FileContentStore.Durability durability() {
        return FileContentStore.Durability.POWER;
    }
}
