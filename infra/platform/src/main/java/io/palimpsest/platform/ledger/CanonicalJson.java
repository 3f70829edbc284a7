package io.palimpsest.platform.ledger;

import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.erdtman.jcs.JsonCanonicalizer;

/** RFC 8785: one text for one value, whoever writes it. */
public final class CanonicalJson {
    private CanonicalJson() {}

    /** @param value as {@link Json} writes it */
    public static String of(Object value) {
        try {
            return new JsonCanonicalizer(Json.write(value)).getEncodedString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
