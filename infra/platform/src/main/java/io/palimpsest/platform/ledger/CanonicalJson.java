package io.palimpsest.platform.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.erdtman.jcs.JsonCanonicalizer;

/** RFC 8785: one text for one value, whoever writes it. */
public final class CanonicalJson {
    private CanonicalJson() {}

    /** @param value as {@link Json} writes it */
    public static String of(Object value) {
        return new String(bytes(value), UTF_8);
    }

    /** The same in UTF-8. */
    public static byte[] bytes(Object value) {
        try {
            return new JsonCanonicalizer(Json.write(value)).getEncodedUTF8();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
