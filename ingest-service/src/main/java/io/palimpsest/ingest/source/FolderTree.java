package io.palimpsest.ingest.source;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder that are documents: not hidden, not temporary, not behind a symbolic link, not our own. Only the
 * root itself may be a link; it is followed anew by each {@link #find}.
 *
 * <p>Threading: confined to the source's thread, but for {@link #configured}.
 */
final class FolderTree {
    private static final String MASTER_KEY = "master.key";
    private final Path configured;
    private final List<Path> own;
    private final Walker walker;
    private Path root;
    private List<Path> ownNow = List.of();

    /** Walks a directory; links are not followed. */
    @FunctionalInterface
    interface Walker {
        void walk(Path start, FileVisitor<Path> visitor) throws IOException;
    }

    /** What is met on a walk. */
    interface Visitor {
        void directory(Path directory);

        void file(Path file, BasicFileAttributes attributes);

        /** It is there, or may be, and refuses: nothing is known of it, nor of what is below it. */
        void failed(Path path);
    }

    /**
     * @param own files and directories of Palimpsest itself, which are never documents
     * @throws PalimpsestException CONFIG_INVALID where the folder lies in one of them
     */
    FolderTree(Path configured, List<Path> own, Walker walker) {
        this.configured = configured.toAbsolutePath().normalize();
        this.own = List.copyOf(own);
        this.walker = walker;
        this.root = real(this.configured);
        refuseOwn();
    }

    /** As it was given, for people to read. */
    Path configured() {
        return configured;
    }

    Path root() {
        return root;
    }

    FileSystem fileSystem() {
        return configured.getFileSystem();
    }

    /**
     * Looks where the root is now.
     *
     * @return false where it is not there
     * @throws PalimpsestException CONFIG_INVALID where it leads into our own files
     */
    boolean find() {
        root = real(configured);
        refuseOwn();
        return isThere();
    }

    /** Still where it was found. */
    boolean isThere() {
        return Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)
                && Files.isReadable(root)
                && real(configured).equals(root);
    }

    /** Relative to the root, with slashes on every system. */
    String relative(Path path) {
        String text = root.relativize(path).toString();
        String separator = fileSystem().getSeparator();
        return separator.equals("/") ? text : text.replace(separator, "/");
    }

    Path resolve(String relative) {
        return root.resolve(relative);
    }

    /** Whether its text leads back to it: names that are not text in the system's encoding do not. */
    boolean isAddressable(Path path) {
        try {
            return resolve(relative(path)).equals(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * True where any part of the path below the root is hidden or temporary, and for what is our own: that of this run, and
     * any directory with a master key, which is the data of another.
     */
    boolean isIgnored(Path path) {
        if (ownNow.stream().anyMatch(path::startsWith)) {
            return true;
        }
        Path at = root;
        for (Path part : root.relativize(path)) {
            at = at.resolve(part);
            if (isIgnoredName(part.toString()) || Files.exists(at.resolve(MASTER_KEY))) {
                return true;
            }
        }
        return false;
    }

    /** Visits the subtree; what vanishes while it is visited is passed over. */
    void walk(Path start, Visitor visitor) throws IOException {
        walker.walk(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (!directory.equals(root) && isIgnored(directory)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                visitor.directory(directory);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !isIgnored(file)) {
                    visitor.file(file, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                if (!(e instanceof NoSuchFileException) && (file.equals(root) || !isIgnored(file))) {
                    visitor.failed(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
                return e == null ? FileVisitResult.CONTINUE : visitFileFailed(directory, e);
            }
        });
    }

    static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private void refuseOwn() {
        ownNow = own.stream().map(FolderTree::real).toList();
        for (Path mine : ownNow) {
            if (root.startsWith(mine)) {
                throw new PalimpsestException(
                        ErrorCode.CONFIG_INVALID,
                        "folder.watch: " + configured + " lies in " + mine
                                + ", where Palimpsest keeps its own files: watch another folder, or keep them elsewhere");
            }
        }
    }

    /** Links followed as far as it is there. */
    private static Path real(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            return absolute.toRealPath();
        } catch (IOException e) {
            Path parent = absolute.getParent();
            return parent == null ? absolute : real(parent).resolve(absolute.getFileName());
        }
    }

    private static boolean isIgnoredName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return name.startsWith(".")
                || name.startsWith("~$")
                || name.endsWith("~")
                || (name.startsWith("#") && name.endsWith("#"))
                || lower.endsWith(".tmp")
                || lower.endsWith(".temp")
                || lower.endsWith(".part")
                || lower.endsWith(".partial")
                || lower.endsWith(".crdownload")
                || lower.endsWith(".swp")
                || lower.endsWith(".swx")
                || lower.equals("thumbs.db")
                || lower.equals("desktop.ini");
    }
}
