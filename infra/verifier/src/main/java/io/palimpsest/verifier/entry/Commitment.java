package io.palimpsest.verifier.entry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.merkle.Hash;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What an entry says of a person, a document or a tenant without naming it. All are SHA-256 over a label and fields, each with
 * its length before it as {@code int32 big-endian}; whoever is given the fields can check them, nobody can guess them:
 *
 * <ul>
 *   <li>inner: {@code "palimpsest subject v1", opening, tenant, collection, personal}, made where the thing was done; the
 *       opening is 32 bytes that only the operator can compute
 *   <li>subject: {@code "palimpsest entry v1", salt, inner}: what stands in the log; the salt is 32 random bytes, the same for all
 *       entries about one subject, and destroyed when it is erased
 *   <li>receipt, query, caller: {@code "palimpsest receipt v1"}, {@code "palimpsest query v1"} or {@code "palimpsest caller v1"},
 *       {@code salt, text}; a receipt as canonical JSON, the two others as it speaks of them; each has 32 random bytes of its own
 *   <li>scope: {@code "palimpsest scope v1", salt, tenant, collection}
 * </ul>
 */
public final class Commitment {
    private Commitment() {}

    /** @param collection empty: none */
    public static Hash inner(byte[] opening, String tenant, String collection, String personal) {
        return hash(
                "palimpsest subject v1",
                opening,
                tenant.getBytes(UTF_8),
                collection.getBytes(UTF_8),
                personal.getBytes(UTF_8));
    }

    public static Hash subject(byte[] salt, Hash inner) {
        return hash("palimpsest entry v1", salt, inner.bytes());
    }

    /** @param collection empty: none */
    public static Hash scope(byte[] salt, String tenant, String collection) {
        return hash("palimpsest scope v1", salt, tenant.getBytes(UTF_8), collection.getBytes(UTF_8));
    }

    /** @param text canonical JSON */
    public static Hash receipt(byte[] salt, String text) {
        return hash("palimpsest receipt v1", salt, text.getBytes(UTF_8));
    }

    public static Hash query(byte[] salt, String text) {
        return hash("palimpsest query v1", salt, text.getBytes(UTF_8));
    }

    /** @param text such as {@code user:ann} */
    public static Hash caller(byte[] salt, String text) {
        return hash("palimpsest caller v1", salt, text.getBytes(UTF_8));
    }

    private static Hash hash(String label, byte[]... fields) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        field(all, label.getBytes(UTF_8));
        List.of(fields).forEach(field -> field(all, field));
        return Hash.sha256(all.toByteArray());
    }

    private static void field(ByteArrayOutputStream all, byte[] bytes) {
        all.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        all.writeBytes(bytes);
    }
}
