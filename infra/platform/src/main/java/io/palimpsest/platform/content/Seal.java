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
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

/**
 * How one content is stored, wherever that is: {@code Tink streaming AEAD (zstd frame (content))}, associated data the
 * UTF-8 bytes of {@code tenant/collection/documentId "\n" contentHash}, so that it answers under its own name only; and
 * that name: {@code <tenant>/<collection>/<hh>/<document hash>/<content hash>}.
 */
record Seal(StreamingAead key, DocumentKey document, ContentHash hash) {
    private static final int ZSTD_LEVEL = 3;

    /** What is stored; may be written again. */
    interface Content {
        /** In bytes. */
        long size();

        /** @param sealed is closed */
        void writeTo(Seal seal, OutputStream sealed) throws IOException;

        static Content of(byte[] bytes) {
            return new Content() {
                @Override
                public long size() {
                    return bytes.length;
                }

                // Packed at once: a stream cannot know that a few KiB need no context of some MiB.
                @Override
                public void writeTo(Seal seal, OutputStream sealed) throws IOException {
                    seal.write(sealed, encrypted -> encrypted.write(Zstd.compress(bytes, ZSTD_LEVEL)));
                }
            };
        }

        /** Streamed; fails when the file is not what the hash says. */
        static Content of(Path file, long size) {
            return new Content() {
                @Override
                public long size() {
                    return size;
                }

                @Override
                public void writeTo(Seal seal, OutputStream sealed) throws IOException {
                    try (InputStream content = Files.newInputStream(file)) {
                        seal.write(sealed, encrypted -> seal.pack(content, encrypted));
                    }
                }
            };
        }
    }

    private interface Packed {
        void writeTo(OutputStream encrypted) throws IOException;
    }

    private void write(OutputStream sealed, Packed packed) throws IOException {
        try (OutputStream encrypted = key.newEncryptingStream(sealed, associated())) {
            packed.writeTo(encrypted);
        } catch (GeneralSecurityException e) {
            throw new IOException("encryption failed", e);
        }
    }

    private void pack(InputStream content, OutputStream encrypted) throws IOException {
        try (OutputStream packed = new ZstdOutputStream(encrypted, RecyclingBufferPool.INSTANCE, ZSTD_LEVEL)) {
            DigestInputStream hashed = new DigestInputStream(content, ContentHash.sha256());
            hashed.transferTo(packed);
            if (!hashOf(hashed).equals(hash)) {
                throw new IOException("the content changed while it was stored");
            }
        }
    }

    /** The content, verified as it is read. */
    InputStream open(InputStream sealed) throws IOException {
        try {
            InputStream opened = key.newDecryptingStream(sealed, associated());
            return new VerifiedStream(new ZstdInputStream(opened, RecyclingBufferPool.INSTANCE), hash);
        } catch (GeneralSecurityException | IOException e) {
            sealed.close();
            throw new IOException("decryption failed", e);
        }
    }

    /** Reads all of it. */
    static ContentHash hashOf(Path file) throws IOException {
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), ContentHash.sha256())) {
            in.transferTo(OutputStream.nullOutputStream());
            return hashOf(in);
        }
    }

    private static ContentHash hashOf(DigestInputStream read) {
        return new ContentHash(HexFormat.of().formatHex(read.getMessageDigest().digest()));
    }

    /** What the names of a document's contents begin with, without the slash. */
    static String folder(DocumentKey document) {
        String hash = document.hash();
        return document.tenant().value() + "/" + document.collection().value() + "/" + hash.substring(0, 2) + "/"
                + hash;
    }

    private byte[] associated() {
        return (document + "\n" + hash).getBytes(UTF_8);
    }
}
