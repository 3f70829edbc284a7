package io.palimpsest.platform.security;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.Supplier;

/** A small file only its owner can read, made once. */
public final class SecretFile {
    private SecretFile() {}

    /** Its bytes; made of {@code first} when there is none yet. Of two processes that make it at once, one wins. */
    public static byte[] ensure(Path file, Supplier<byte[]> first) {
        try {
            if (!Files.exists(file)) {
                create(file.toAbsolutePath(), first.get());
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID, "the secret file " + file + " can be neither read nor made", e);
        }
    }

    /** Cryptographically random bytes. */
    public static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return random;
    }

    private static void create(Path file, byte[] content) throws IOException {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException("a secret file needs a folder");
        }
        Files.createDirectories(folder);
        Path temporary = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.write(temporary, content, StandardOpenOption.CREATE, StandardOpenOption.SYNC);
            // A link fails where a move would replace: the first one stays.
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster; its content is read.
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
