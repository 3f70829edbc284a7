package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.closing.Closing;
import io.palimpsest.platform.config.ContentSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.S3ContentStore;
import io.palimpsest.platform.content.SharedSecrets;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.telemetry.Health;
import java.nio.file.Path;

/** Files or S3, as the settings say. */
final class ContentChoice {
    private ContentChoice() {}

    /** What has to be closed is put into {@code closing}. */
    static ContentStore open(
            Settings settings, Database database, Aead master, SharedSecrets secrets, Health health, Closing closing) {
        ContentSettings content = settings.content();
        DocumentKeys keys = new DocumentKeys(database.sql(), master);
        if (content.s3().isPresent()) {
            S3ContentStore store = closing.add(S3ContentStore.open(content.s3().get(), keys));
            health.register("content", store::state);
            return store;
        }
        if (settings.database().files().isEmpty()) {
            sameForAll(content.directory(), secrets);
        }
        return new FileContentStore(
                content.directory(),
                keys,
                content.sync() ? FileContentStore.Durability.POWER : FileContentStore.Durability.PROCESS);
    }

    /** On a database that processes share, all of them must see the same folder of content. */
    private static void sameForAll(Path directory, SharedSecrets secrets) {
        String here = Foundation.mark(directory.resolve(".store"));
        String agreed = new String(secrets.ensure("content.store", () -> here.getBytes(UTF_8)), UTF_8);
        if (!here.equals(agreed)) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "content.dir: " + directory + " is not the content store of this database: all"
                            + " processes must see the same folder. Where the former store is lost for good, delete the"
                            + " row 'content.store' from the table shared_secret and publish the documents again");
        }
    }
}
