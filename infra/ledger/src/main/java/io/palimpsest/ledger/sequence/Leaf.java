package io.palimpsest.ledger.sequence;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.platform.ledger.CanonicalJson;
import io.palimpsest.verifier.merkle.Hash;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it stands in the log: canonical JSON (RFC 8785) in UTF-8 with these members.
 *
 * @param version 1
 * @param scope commitment to tenant and collection, hex
 * @param subject commitment to what is personal, hex; null without one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Leaf(
        @JsonProperty("v") int version,
        String id,
        LedgerEntry.Type type,
        Instant at,
        String actor,
        String scope,
        @Nullable String subject,
        Map<String, String> facts) {
    private static final int VERSION = 1;

    static Leaf of(LedgerEntry entry, Hash scope, @Nullable Hash subject) {
        return new Leaf(
                VERSION,
                entry.entryId(),
                entry.type(),
                entry.at(),
                entry.actor(),
                scope.hex(),
                subject == null ? null : subject.hex(),
                entry.facts());
    }

    /** @throws UncheckedIOException when this is no leaf */
    public static Leaf parse(byte[] bytes) {
        return Json.read(bytes, Leaf.class);
    }

    public byte[] bytes() {
        return CanonicalJson.bytes(this);
    }

    /** First eight bytes of a hash in hex, by which it is looked for. */
    static long prefix(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex, 0, 2 * Long.BYTES)).getLong();
    }

    /** What {@link #prefix} leaves of it, in hex. */
    static String rest(String hex) {
        return hex.substring(2 * Long.BYTES);
    }
}
