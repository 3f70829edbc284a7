package io.palimpsest.bridges;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * Name-based UUIDs (RFC 9562 §5.5): the same name gives the same UUID, in any process, at any time.
 *
 * <p>The name is the parts in UTF-8, joined by a line feed; the namespace is {@code 8f1c2f5e-6d0b-5b7e-9a53-2f3b7f0c9d41}, arbitrary
 * and for ever.
 */
public final class UuidV5 {
    private static final UUID NAMESPACE = UUID.fromString("8f1c2f5e-6d0b-5b7e-9a53-2f3b7f0c9d41");

    private UuidV5() {}

    public static UUID of(String... parts) {
        return of(NAMESPACE, String.join("\n", parts));
    }

    static UUID of(UUID namespace, String name) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1"); // an id, no proof: the RFC has it so
            sha1.update(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(namespace.getMostSignificantBits())
                    .putLong(namespace.getLeastSignificantBits())
                    .array());
            ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(UTF_8)));
            long high = (hash.getLong() & ~0xF000L) | 0x5000L;
            long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
            return new UUID(high, low);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-1 is part of every Java platform", e);
        }
    }
}
