package io.palimpsest.verifier.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Arrays;

/**
 * What a witness says of a checkpoint (C2SP tlog-cosignature): {@code int64 big-endian seconds since 1970 || Ed25519 signature}
 * over {@code "cosignature/v1\ntime <seconds>\n"} and the text of the checkpoint.
 */
public final class Cosignature {
    private static final int SIZE = Long.BYTES + Ed25519.SIGNATURE_SIZE;

    private Cosignature() {}

    static byte[] sign(Signing key, String note, Instant at) {
        byte[] signature = key.sign(message(note, at.getEpochSecond()));
        return ByteBuffer.allocate(SIZE)
                .putLong(at.getEpochSecond())
                .put(signature)
                .array();
    }

    static boolean verifies(PublicKey key, String note, byte[] signature) {
        return signature.length == SIZE
                && ByteBuffer.wrap(signature).getLong() >= 0 // the specification ends at 2^63 - 1
                && Ed25519.verify(
                        key,
                        message(note, ByteBuffer.wrap(signature).getLong()),
                        Arrays.copyOfRange(signature, Long.BYTES, SIZE));
    }

    /**
     * When the witness saw it.
     *
     * @throws IllegalArgumentException when this is not a cosignature, or of a time beyond {@link Instant#MAX}
     */
    public static Instant time(NoteSignature signature) {
        if (signature.bytes().length != SIZE) {
            throw new IllegalArgumentException("a cosignature has " + SIZE + " bytes");
        }
        long seconds = ByteBuffer.wrap(signature.bytes()).getLong();
        if (seconds < 0 || seconds > Instant.MAX.getEpochSecond()) {
            throw new IllegalArgumentException("a cosignature is not of second " + Long.toUnsignedString(seconds));
        }
        return Instant.ofEpochSecond(seconds);
    }

    private static byte[] message(String note, long seconds) {
        return ("cosignature/v1\ntime " + seconds + "\n" + note).getBytes(StandardCharsets.UTF_8);
    }
}
