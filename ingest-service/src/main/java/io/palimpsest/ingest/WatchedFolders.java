package io.palimpsest.ingest;

import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.source.FolderNames;
import io.palimpsest.ingest.source.FolderSource;
import io.palimpsest.platform.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One source per watched folder, under the tenant and collection of local events. */
final class WatchedFolders {
    private WatchedFolders() {}

    static List<FolderSource> of(IngestApp.Platform platform, TenantId tenant, ChangeIntake intake) {
        Settings settings = platform.settings();
        CollectionKey collection =
                new CollectionKey(tenant, new CollectionId(settings.intake().collection()));
        List<Path> own = own(settings);
        List<FolderSource> folders = new ArrayList<>();
        FolderNames.of(platform.sql(), collection, settings.folder().roots())
                .forEach((root, name) -> folders.add(new FolderSource(
                        new FolderSource.Folder(
                                name, root, collection, own, settings.fetch().maxBytes()),
                        settings.folder(),
                        intake,
                        platform.sql(),
                        platform.leases(),
                        platform.clock())));
        return folders;
    }

    /** Keys, logs, stores: what a folder that is watched around them must not make documents of. */
    static List<Path> own(Settings settings) {
        List<Path> own = new ArrayList<>(List.of(
                settings.dataDir(),
                settings.content().directory(),
                settings.content().masterKeyFile(),
                settings.index().directory()));
        own.addAll(settings.database().files());
        settings.http().keyFile().ifPresent(own::add);
        settings.http().tlsKeystore().ifPresent(own::add);
        return own;
    }
}
