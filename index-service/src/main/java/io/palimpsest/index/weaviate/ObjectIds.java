package io.palimpsest.index.weaviate;

import io.palimpsest.contracts.id.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Ids of objects, derived from what they stand for: the first 128 bits of SHA-256
 * over the parts, each preceded by its length and a colon, as a UUID of version 8.
 */
final class ObjectIds {
    private ObjectIds() {}

    /** @param birth of the revision that brought it */
    static String passage(String documentHex, String passage, String birth) {
        return of("passage", documentHex, passage, birth);
    }

    static String revision(String documentHex, String birth) {
        return of("revision", documentHex, birth);
    }

    static String commit(String writer) {
        return of("commit", writer);
    }

    /** @param part of the words of a batch */
    static String words(String writer, long batch, int part) {
        return of("words", writer, Long.toString(batch), Integer.toString(part));
    }

    static String purge(String name) {
        return of("purge", name);
    }

    static String catalog(String kind, String name) {
        return of("catalog", kind, name);
    }

    static String hex(String documentId) {
        return HexFormat.of().formatHex(documentId.getBytes(StandardCharsets.UTF_8));
    }

    static String documentId(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }

    private static String of(String... parts) {
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            text.append(part.length()).append(':').append(part);
        }
        String hash = ContentHash.ofText(text.toString()).value();
        long high = Long.parseUnsignedLong(hash.substring(0, 16), 16);
        long low = Long.parseUnsignedLong(hash.substring(16, 32), 16);
        return new UUID((high & ~0xF000L) | 0x8000L, (low & ~(3L << 62)) | (1L << 63)).toString();
    }
}
