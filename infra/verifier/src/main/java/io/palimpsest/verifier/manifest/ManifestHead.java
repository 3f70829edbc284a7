package io.palimpsest.verifier.manifest;

import io.palimpsest.verifier.entry.LogEntry;
import io.palimpsest.verifier.merkle.Hash;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the log says of a manifest: the facts of an entry {@code INDEX_MANIFEST}.
 *
 * @param generation whose passages they are
 * @param at what had been written to the generation before this moment is in it
 * @param size leaves, which is passages
 * @param vrf fingerprint of the key that documents are placed with
 * @param scope commitment to tenant and collection, hex
 */
public record ManifestHead(String generation, Instant at, long size, Hash root, Hash salt, Hash vrf, String scope) {
    /** Of the entry. */
    public static final String TYPE = "INDEX_MANIFEST";

    /** As facts of the entry: what {@link #of} reads, but for time and scope. */
    public Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("generation", generation);
        facts.put("size", Long.toString(size));
        facts.put("root", root.base64());
        facts.put("salt", salt.base64());
        facts.put("vrf", vrf.base64());
        return facts;
    }

    /** @throws IllegalArgumentException when it is not the entry of a manifest */
    public static ManifestHead of(byte[] entry) {
        LogEntry read = LogEntry.parse(entry);
        if (!TYPE.equals(read.member("type").orElse(""))) {
            throw new IllegalArgumentException("the entry is not of a manifest");
        }
        return new ManifestHead(
                member(read, "facts.generation"),
                instant(member(read, "at")),
                Long.parseLong(member(read, "facts.size")),
                Hash.ofBase64(member(read, "facts.root")),
                Hash.ofBase64(member(read, "facts.salt")),
                Hash.ofBase64(member(read, "facts.vrf")),
                member(read, "scope"));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("the entry of a manifest has no time", e);
        }
    }

    private static String member(LogEntry entry, String name) {
        return entry.member(name)
                .orElseThrow(() -> new IllegalArgumentException("the entry of a manifest has no " + name));
    }
}
