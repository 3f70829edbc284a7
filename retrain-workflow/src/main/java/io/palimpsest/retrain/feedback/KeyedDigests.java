package io.palimpsest.retrain.feedback;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.security.HmacSha256;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Ids made from what is personal: HMAC-SHA256 over length-prefixed UTF-8 fields ({@code int32 big-endian length, bytes}), cut
 * to 128 bits, 32 hex digits. Without the key nobody can try who said something, or what was asked.
 *
 * <p>Threading: safe.
 */
public final class KeyedDigests {
    private static final int KEPT_BYTES = 16;
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final HmacSha256 hmac;

    /** @param secret at least 32 bytes, the same in every process and for good: ids change with it */
    public KeyedDigests(byte[] secret) {
        this.hmac = new HmacSha256(secret);
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
        return HexFormat.of().formatHex(hmac.ofFields(fields), 0, KEPT_BYTES);
    }
}
