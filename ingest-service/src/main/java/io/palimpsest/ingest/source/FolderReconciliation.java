package io.palimpsest.ingest.source;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.ingest.reconcile.Difference;
import io.palimpsest.ingest.reconcile.Listed;
import io.palimpsest.ingest.reconcile.ReconcilableSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A watched folder against the documents that we have: reads every file, so that an edit that kept size and time shows too.
 *
 * <p>Threading: walks on the caller's thread; the folder's own publishes.
 */
final class FolderReconciliation implements ReconcilableSource {
    private final FolderSource.Folder folder;
    private final double maxDeleteRatio;
    private final Supplier<FolderTree> trees;
    private final FolderPublisher publisher;
    private final Retellings retellings;
    private final BooleanSupplier here;

    /** @param trees each for one thread */
    FolderReconciliation(
            FolderSource.Folder folder,
            double maxDeleteRatio,
            Supplier<FolderTree> trees,
            FolderPublisher publisher,
            Retellings retellings,
            BooleanSupplier here) {
        this.folder = folder;
        this.maxDeleteRatio = maxDeleteRatio;
        this.trees = trees;
        this.publisher = publisher;
        this.retellings = retellings;
        this.here = here;
    }

    @Override
    public String name() {
        return folder.name().isEmpty() ? "folder" : "folder:" + folder.name();
    }

    @Override
    public String eventSource() {
        return publisher.source();
    }

    @Override
    public CollectionKey collection() {
        return folder.collection();
    }

    @Override
    public boolean isHere() {
        return here.getAsBoolean();
    }

    @Override
    public boolean mayLose(long gone, long known) {
        return !DeleteGuard.isSuspicious(gone, known, maxDeleteRatio);
    }

    @Override
    public long retell(List<Difference> differences) {
        return retellings.ask(differences);
    }

    @Override
    public Listed list(Beat beat) {
        FolderTree tree = trees.get();
        if (!tree.find()) {
            throw away(null);
        }
        Walk walk = new Walk(tree, beat);
        try {
            tree.walk(tree.root(), walk);
        } catch (IOException e) {
            throw away(e);
        }
        if (!tree.isThere() || walk.failed.contains(tree.root())) {
            throw away(null);
        }
        return new Listed(Map.copyOf(walk.prints), walk.passedOver, id -> mayBeThere(tree, walk, id));
    }

    /** It was not met; unless that is certain, its document stays. */
    private boolean mayBeThere(FolderTree tree, Walk walk, String id) {
        if (walk.unreadable.contains(id)) {
            return true;
        }
        try {
            Path path = tree.resolve(publisher.path(id));
            return walk.failed.stream().anyMatch(path::startsWith)
                    || (!walk.failed.isEmpty() && id.indexOf('%') >= 0); // whose path is not its text
        } catch (InvalidPathException e) {
            return true;
        }
    }

    private PalimpsestException away(@Nullable Throwable cause) {
        return new PalimpsestException(
                ErrorCode.RECONCILE_SOURCE_AWAY, "the watched folder " + name() + " cannot be listed", cause);
    }

    /** Reads what it meets. */
    private final class Walk implements FolderTree.Visitor {
        private final FolderTree tree;
        private final Beat beat;
        private final Map<String, String> prints = new HashMap<>();
        private final Set<String> unreadable = new HashSet<>();
        private final Set<Path> failed = new HashSet<>();
        private long passedOver;

        Walk(FolderTree tree, Beat beat) {
            this.tree = tree;
            this.beat = beat;
        }

        @Override
        public void directory(Path directory) {
            beat.at(prints.size());
        }

        @Override
        public void file(Path file, BasicFileAttributes attributes) {
            String path = tree.relative(file);
            if (!tree.isAddressable(file) || !publisher.canName(path)) {
                passedOver++;
                return;
            }
            String id = publisher.documentId(path).value();
            if (attributes.size() > folder.maxBytes()) {
                passOver(id);
                return;
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                prints.put(id, FolderPublisher.print(ContentHash.of(in)));
            } catch (IOException e) {
                passOver(id);
            }
            beat.at(prints.size());
        }

        @Override
        public void failed(Path path) {
            passedOver++;
            failed.add(path);
        }

        private void passOver(String id) {
            passedOver++;
            unreadable.add(id);
        }
    }
}
