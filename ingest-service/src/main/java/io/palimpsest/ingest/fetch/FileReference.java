package io.palimpsest.ingest.fetch;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.ingest.fetch.FetchOutcome.Fetched;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;

/**
 * Reads a file under an allowed root. The real path is walked from the root folder by folder without following links,
 * so that a folder which is swapped for a link after the check leads nowhere.
 */
final class FileReference {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private final List<Path> roots;

    FileReference(List<Path> roots) {
        this.roots = roots;
    }

    Fetched fetch(URI reference, Path into, LimitedCopy copy) throws IOException {
        Path real = realPath(reference);
        for (Path root : roots) {
            Path realRoot = Files.isDirectory(root) ? root.toRealPath() : root;
            if (real.startsWith(realRoot) && !real.equals(realRoot)) {
                try (DirectoryStream<Path> folder = Files.newDirectoryStream(realRoot)) {
                    return read(folder, realRoot, realRoot.relativize(real), into, copy);
                }
            }
        }
        throw new RefusedException(ErrorCode.REFERENCE_NOT_ALLOWED, "outside of the allowed folders");
    }

    private static Path realPath(URI reference) throws IOException {
        try {
            return Path.of(reference).toRealPath();
        } catch (NoSuchFileException e) {
            throw new RefusedException(ErrorCode.REFERENCE_NOT_FOUND, "there is no such file");
        } catch (IllegalArgumentException e) {
            throw new RefusedException(ErrorCode.REFERENCE_NOT_ALLOWED, "not the address of a local file");
        }
    }

    private static Fetched read(DirectoryStream<Path> folder, Path at, Path rest, Path into, LimitedCopy copy)
            throws IOException {
        Path name = rest.getName(0);
        if (!(folder instanceof SecureDirectoryStream<Path> secure)) {
            return readDirectly(at.resolve(rest), into, copy);
        }
        if (rest.getNameCount() > 1) {
            try (SecureDirectoryStream<Path> next = secure.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                return read(next, at.resolve(name), rest.subpath(1, rest.getNameCount()), into, copy);
            }
        }
        check(
                secure.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .readAttributes(),
                copy);
        try (InputStream in = Channels.newInputStream(secure.newByteChannel(name, READ))) {
            return copy.copy(in, into, null, null);
        }
    }

    /** Where the platform has no handles on folders. */
    private static Fetched readDirectly(Path file, Path into, LimitedCopy copy) throws IOException {
        check(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS), copy);
        try (InputStream in = Files.newInputStream(file, READ.toArray(OpenOption[]::new))) {
            return copy.copy(in, into, null, null);
        }
    }

    private static void check(BasicFileAttributes attributes, LimitedCopy copy) throws RefusedException {
        if (!attributes.isRegularFile()) {
            throw new RefusedException(ErrorCode.REFERENCE_NOT_ALLOWED, "not a regular file");
        }
        copy.checkAnnounced(attributes.size());
    }
}
