package io.palimpsest.platform.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 (RFC 2104) under one secret, 32 bytes. Threading: safe. */
public final class HmacSha256 {
    private static final String ALGORITHM = "HmacSHA256";
    /** As long as what it gives (RFC 2104, section 3). */
    private static final int SHORTEST_SECRET = 32;

    private final SecretKeySpec secret;

    /** @param secret at least 32 random bytes */
    public HmacSha256(byte[] secret) {
        if (secret.length < SHORTEST_SECRET) {
            throw new IllegalArgumentException("a secret of " + secret.length + " bytes is too short");
        }
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    /** Of a text in UTF-8, as hex. */
    public String hex(String text) {
        return HexFormat.of().formatHex(mac().doFinal(text.getBytes(UTF_8)));
    }

    /** Of fields in UTF-8, each after its length as {@code int32 big-endian}: no two lists of fields are the same bytes. */
    public byte[] ofFields(String... fields) {
        Mac mac = mac();
        for (String field : fields) {
            byte[] bytes = field.getBytes(UTF_8);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            mac.update(bytes);
        }
        return mac.doFinal();
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every Java platform", e);
        }
    }

    @Override
    public String toString() {
        return ALGORITHM; // not the secret
    }
}
