package io.palimpsest.platform.content;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One stored content in a file. */
record SealedFile(Path path, Seal seal) {
    /** Writes {@code target}, failing when the content is not what its hash says. */
    void writeTo(Path target, Seal.Content content, boolean sync) throws IOException {
        // Tink closes the channel with its stream; what must reach the disk is forced on a channel of its own.
        try (FileChannel file = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.writeTo(seal, Channels.newOutputStream(file));
        }
        if (sync) {
            try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
                file.force(true);
            }
        }
    }

    InputStream open() throws IOException {
        return seal.open(Files.newInputStream(path));
    }

    /** Whether every byte is there and right. */
    boolean isIntact() {
        try (InputStream content = open()) {
            content.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }
}
