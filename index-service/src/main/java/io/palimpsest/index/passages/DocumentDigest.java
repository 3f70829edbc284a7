package io.palimpsest.index.passages;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;

/** Fingerprint of a live document: what the index and the ledger of documents are compared by. */
public record DocumentDigest(DocumentKey key, long version, ContentHash passages) {
    /** By the unsigned UTF-8 bytes of the document id. */
    public static final Comparator<DocumentKey> ORDER = Comparator.comparing(
            key -> key.document().value().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    /** SHA-256 over the ASCII bytes of the ids in ascending order, a line feed after each; nothing for no passages. */
    public static ContentHash over(Collection<PassageId> ids) {
        MessageDigest digest = ContentHash.sha256();
        ids.stream().sorted().forEach(id -> digest.update((id.value() + "\n").getBytes(StandardCharsets.US_ASCII)));
        return new ContentHash(HexFormat.of().formatHex(digest.digest()));
    }
}
