package io.palimpsest.ingest.source;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The files of a folder that are documents: not hidden, not temporary, not behind a symbolic link. */
final class FolderTree {
    private final Path root;

    FolderTree(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    boolean isThere() {
        return Files.isDirectory(root) && Files.isReadable(root);
    }

    /** Relative to the root, with slashes on every system. */
    String relative(Path path) {
        return root.relativize(path).toString().replace('\\', '/');
    }

    Path resolve(String relative) {
        return root.resolve(relative);
    }

    /** True where any part of the path below the root is hidden or temporary. */
    boolean isIgnored(Path path) {
        for (Path part : root.relativize(path)) {
            if (isIgnoredName(part.toString())) {
                return true;
            }
        }
        return false;
    }

    /** Visits the subtree; what vanishes or refuses while it is visited is passed over. */
    void walk(Path start, Consumer<Path> directories, BiConsumer<Path, BasicFileAttributes> files) throws IOException {
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (!directory.equals(root) && isIgnored(directory)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                directories.accept(directory);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !isIgnored(file)) {
                    files.accept(file, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
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
