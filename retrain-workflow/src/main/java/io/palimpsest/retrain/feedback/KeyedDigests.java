package io.palimpsest.retrain.feedback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.id.CollectionKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Ids made from what is personal: HMAC-SHA256 over length-prefixed UTF-8 fields ({@code int32 big-endian length, bytes}), cut
 * to 128 bits, 32 hex digits. Without the key nobody can try who said something, or what was asked.
 *
 * <p>Threading: safe.
 */
public final class KeyedDigests {
    private static final int KEPT_BYTES = 16;
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final SecretKeySpec key;

    /** @param secret at least 32 bytes, the same in every process and for good: ids change with it */
    public KeyedDigests(byte[] secret) {
        if (secret.length < 32) {
            throw new IllegalArgumentException("a key of digests has at least 32 bytes");
        }
        this.key = new SecretKeySpec(secret, "HmacSHA256");
    }

    /** Of a query's text: the same whoever asks it, whatever its case and spaces. */
    public String queryKey(CollectionKey collection, String query) {
        return of("query", collection.toString(), normalised(query));
    }

    /** In form NFKC, lower case, single spaces. */
    public static String normalised(String query) {
        String lower = Normalizer.normalize(query, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return SPACE.matcher(lower).replaceAll(" ").strip();
    }

    public String of(String... fields) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            for (String field : fields) {
                byte[] bytes = field.getBytes(UTF_8);
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                mac.update(bytes);
            }
            return HexFormat.of().formatHex(mac.doFinal(), 0, KEPT_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java platform", e);
        }
    }
}
