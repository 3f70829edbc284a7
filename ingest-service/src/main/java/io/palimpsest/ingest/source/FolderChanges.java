package io.palimpsest.ingest.source;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.ingest.reconcile.Difference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the files of a folder against its listing, and hands what differs to the publisher.
 *
 * <p>Threading: the source's thread; {@link #passedOver} from any. Failure: a file that cannot be read, or named as a
 * document, is passed over, with a reason for people; what the listing has of it stays.
 */
final class FolderChanges {
    private static final Logger LOG = LoggerFactory.getLogger(FolderChanges.class);

    private final FolderTree tree;
    private final FolderPublisher publisher;
    private final long maxBytes;
    private final PassedOver passedOver = new PassedOver();

    /** @param maxBytes of a file; larger ones are passed over */
    FolderChanges(FolderTree tree, FolderPublisher publisher, long maxBytes) {
        this.tree = tree;
        this.publisher = publisher;
        this.maxBytes = maxBytes;
    }

    PassedOver passedOver() {
        return passedOver;
    }

    /**
     * Compares the whole folder.
     *
     * @return what the listing has and the folder certainly has not
     */
    List<String> compareAll(FolderListing known, FolderNotices notices) throws IOException {
        passedOver.lookBegins();
        Set<String> seen = new HashSet<>();
        Set<String> failed = new HashSet<>();
        tree.walk(tree.root(), new Met(known, notices, false) {
            @Override
            public void file(Path file, BasicFileAttributes attributes) {
                seen.add(tree.relative(file));
                super.file(file, attributes);
            }

            @Override
            public void failed(Path path) {
                failed.add(tree.relative(path));
                super.failed(path);
            }
        });
        passedOver.lookEnded();
        return known.paths().stream()
                .filter(path -> !seen.contains(path) && !isIn(failed, path))
                .toList();
    }

    /** Compares what the file system told about. */
    void compareNoticed(FolderListing known, FolderNotices notices, Path path) throws IOException {
        if (tree.isIgnored(path)) {
            return;
        }
        if (FolderTree.isDirectory(path)) {
            tree.walk(path, new Met(known, notices, true));
            return;
        }
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isRegularFile()) {
                compare(known, path, attributes, true);
                return;
            }
        } catch (IOException e) {
            // Gone, or on its way, or out of reach: what follows decides.
        }
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS) && tree.isThere()) {
            String relative = tree.relative(path);
            passedOver.remove(relative);
            delete(known, relative);
            known.pathsUnder(relative).forEach(below -> delete(known, below));
        }
    }

    /** Tells of it as it is now, whatever the listing believes to be told. */
    void retell(FolderListing known, FolderNotices notices, Difference difference) throws IOException {
        String path = publisher.path(difference.document().value());
        Path file;
        try {
            file = tree.resolve(path);
        } catch (InvalidPathException e) {
            skip(path, ErrorCode.FILE_NAME_UNUSABLE, "its path is none on this system");
            return;
        }
        boolean gone = tree.isIgnored(file)
                || FolderTree.isDirectory(file)
                || Files.isSymbolicLink(file)
                || Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
        if (!gone) {
            known.forget(path);
            compareNoticed(known, notices, file);
        } else if (difference.kind() == Difference.Kind.GONE && tree.isThere()) {
            if (known.entry(path) == null) {
                known.assume(path);
            }
            delete(known, path);
        }
    }

    void delete(FolderListing known, String path) {
        FolderListing.Entry entry = known.entry(path);
        if (entry != null) {
            boolean interrupted = !entry.published() && entry.hash() == null;
            add(
                    known,
                    new FileChange(
                            path, 0, 0, null, null, new FileChange.Trace(true, interrupted ? entry.sequence() : null)));
        }
    }

    /** @param noticed something happened to it: size and time may be as before, the bytes need not */
    private void compare(FolderListing known, Path file, BasicFileAttributes attributes, boolean noticed) {
        String path = tree.relative(file);
        if (!tree.isAddressable(file)) {
            skip(path, ErrorCode.FILE_NAME_UNUSABLE, "its name is not text in the encoding of this system");
            return;
        }
        FolderListing.Entry entry = known.entry(path);
        long mtime = attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS);
        boolean sameFrame = entry != null && entry.size() == attributes.size() && entry.mtime() == mtime;
        if (sameFrame && entry != null && entry.published() && !noticed) {
            return;
        }
        if (attributes.size() > maxBytes) {
            skip(path, ErrorCode.FETCH_TOO_LARGE, attributes.size() + " bytes, at most " + maxBytes);
            return;
        }
        FileChange change;
        try {
            change = FolderFile.read(file, path, mtime, entry);
        } catch (IOException e) {
            skip(path, PassedOver.Reason.of(e));
            return;
        }
        passedOver.remove(path);
        if (entry != null
                && entry.published()
                && change.hash() != null
                && change.hash().equals(entry.hash())) {
            if (!sameFrame) {
                known.touch(path, entry, mtime);
            }
        } else {
            add(known, change);
        }
    }

    private void add(FolderListing known, FileChange change) {
        if (publisher.canName(change.path())) {
            publisher.add(known, change);
        } else {
            skip(change.path(), ErrorCode.FILE_NAME_UNUSABLE, "its path is too long to be the id of a document");
            known.forget(change.path());
        }
    }

    private void skip(String path, ErrorCode code, String why) {
        skip(path, new PassedOver.Reason(code, why));
    }

    private void skip(String path, PassedOver.Reason reason) {
        passedOver.add(path, reason);
        LOG.atWarn()
                .addKeyValue("errorCode", reason.code().id())
                .log("passed over in a watched folder: {}: {}", PassedOver.shown(path), reason.message());
    }

    private static boolean isIn(Set<String> directories, String path) {
        if (directories.isEmpty()) {
            return false;
        }
        if (directories.contains("") || directories.contains(path)) {
            return true;
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (directories.contains(path.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    /** Compares what a walk meets. */
    private class Met implements FolderTree.Visitor {
        private final FolderListing known;
        private final FolderNotices notices;
        private final boolean noticed;

        Met(FolderListing known, FolderNotices notices, boolean noticed) {
            this.known = known;
            this.notices = notices;
            this.noticed = noticed;
        }

        @Override
        public void directory(Path directory) {
            notices.watch(directory);
            passedOver.remove(tree.relative(directory));
        }

        @Override
        public void file(Path file, BasicFileAttributes attributes) {
            compare(known, file, attributes, noticed);
        }

        @Override
        public void failed(Path path) {
            skip(tree.relative(path), ErrorCode.FILE_UNREADABLE, "it cannot be read; its documents stay");
        }
    }
}
