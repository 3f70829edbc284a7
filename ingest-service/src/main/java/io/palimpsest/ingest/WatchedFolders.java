package io.palimpsest.ingest;

import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.source.FolderSource;
import io.palimpsest.platform.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One source per watched folder, under the tenant and collection of local events. */
final class WatchedFolders {
    private WatchedFolders() {}

    static List<FolderSource> of(IngestApp.Platform platform, TenantId tenant, ChangeIntake intake) {
        Settings settings = platform.settings();
        CollectionKey collection =
                new CollectionKey(tenant, new CollectionId(settings.intake().collection()));
        Set<String> names = new HashSet<>();
        List<FolderSource> folders = new ArrayList<>();
        for (Path root : settings.folder().roots()) {
            folders.add(new FolderSource(
                    folderName(root, names),
                    root,
                    collection,
                    settings.folder(),
                    intake,
                    platform.sql(),
                    platform.clock()));
        }
        return folders;
    }

    /** The first folder's documents need no name before their path; the others take their directory's. */
    private static String folderName(Path root, Set<String> taken) {
        if (taken.add("")) {
            return "";
        }
        String name = String.valueOf(root.toAbsolutePath().normalize().getFileName());
        String unique = name;
        for (int i = 2; !taken.add(unique); i++) {
            unique = name + "-" + i;
        }
        return unique;
    }
}
