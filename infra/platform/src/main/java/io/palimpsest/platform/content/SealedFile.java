package io.palimpsest.platform.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import com.google.crypto.tink.StreamingAead;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

/**
 * One stored content: {@code Tink streaming AEAD (zstd frame (content))}, associated data the UTF-8 bytes of
 * {@code tenant/collection/documentId "\n" contentHash}, so that a file answers under its own name only.
 */
record SealedFile(Path path, StreamingAead key, DocumentKey document, ContentHash hash) {
    private static final int ZSTD_LEVEL = 3;

    /** Writes {@code target}, failing when the content is not what its hash says. */
    void writeTo(Path target, InputStream content, boolean sync) throws IOException {
        seal(target, sync, encrypted -> {
            try (OutputStream packed = new ZstdOutputStream(encrypted, RecyclingBufferPool.INSTANCE, ZSTD_LEVEL)) {
                DigestInputStream hashed = new DigestInputStream(content, ContentHash.sha256());
                hashed.transferTo(packed);
                if (!HexFormat.of()
                        .formatHex(hashed.getMessageDigest().digest())
                        .equals(hash.value())) {
                    throw new IOException("the content changed while it was stored");
                }
            }
        });
    }

    /** Writes {@code target}. Packed at once: a stream cannot know that a few KiB need no context of some MiB. */
    void writeTo(Path target, byte[] content, boolean sync) throws IOException {
        seal(target, sync, encrypted -> encrypted.write(Zstd.compress(content, ZSTD_LEVEL)));
    }

    private interface Packed {
        void writeTo(OutputStream sealed) throws IOException;
    }

    private void seal(Path target, boolean sync, Packed packed) throws IOException {
        try (FileChannel file = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            // Tink closes the channel with its stream; what must reach the disk is forced on a channel of its own.
            try (OutputStream sealed =
                    key.newEncryptingStream(java.nio.channels.Channels.newOutputStream(file), associated())) {
                packed.writeTo(sealed);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("encryption failed", e);
        }
        if (sync) {
            try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
                file.force(true);
            }
        }
    }

    InputStream open() throws IOException {
        InputStream file = Files.newInputStream(path);
        try {
            InputStream opened = key.newDecryptingStream(file, associated());
            return new VerifiedStream(new ZstdInputStream(opened, RecyclingBufferPool.INSTANCE), hash);
        } catch (GeneralSecurityException | IOException e) {
            file.close();
            throw new IOException("decryption failed", e);
        }
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

    private byte[] associated() {
        return (document + "\n" + hash).getBytes(UTF_8);
    }
}
