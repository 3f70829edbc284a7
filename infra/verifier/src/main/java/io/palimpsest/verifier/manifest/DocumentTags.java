package io.palimpsest.verifier.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.merkle.Hash;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What stands for a document and its passages in one manifest. Made of the manifest's public salt (32 bytes) and the output
 * {@code b} of the {@link VrfKey} for the document, which whoever has not the secret or a proof cannot tell from noise. All are
 * HMAC-SHA256 under {@code b}, of the salt after a byte: place {@code 1}; mask of the revision {@code 2}, its first eight bytes;
 * tag of a passage {@code 3}, and the 32 ASCII bytes of the passage's id after the salt. So two manifests have nothing in common that could be
 * compared.
 *
 * <p>Threading: one thread.
 */
public final class DocumentTags {
    private static final byte PLACE = 1;
    private static final byte MASK = 2;
    private static final byte TAG = 3;

    private final Mac mac;
    private final byte[] salt;
    private final Hash place;
    private final long mask;

    /** @param output of the function for the {@link #input} of the document */
    public DocumentTags(Hash salt, Hash output) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(output.bytes(), "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java platform", e);
        }
        this.salt = salt.bytes();
        this.place = of(PLACE, new byte[0]);
        this.mask = ByteBuffer.wrap(of(MASK, new byte[0]).bytes()).getLong();
    }

    /** Input of the function: {@code "palimpsest manifest v1", tenant, collection, document}, each after its length as {@code int32 big-endian}. */
    public static byte[] input(String tenant, String collection, String document) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String field : new String[] {"palimpsest manifest v1", tenant, collection, document}) {
            byte[] bytes = field.getBytes(UTF_8);
            all.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    public Hash place() {
        return place;
    }

    /** @param passage 32 lower-case hex digits */
    public Hash tag(String passage) {
        return of(TAG, passage.getBytes(UTF_8));
    }

    /** There and back. */
    public long masked(long revision) {
        return revision ^ mask;
    }

    /** @param passage 32 lower-case hex digits */
    public ManifestLeaf leaf(long revision, String passage) {
        return new ManifestLeaf(place, masked(revision), tag(passage));
    }

    private Hash of(byte what, byte[] more) {
        mac.update(what);
        mac.update(salt);
        return Hash.of(mac.doFinal(more));
    }
}
