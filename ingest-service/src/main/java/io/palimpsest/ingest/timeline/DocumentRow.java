package io.palimpsest.ingest.timeline;

import io.palimpsest.contracts.id.DocumentKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One document while the projector works on it. Threading: confined to the projector. */
final class DocumentRow {
    final DocumentKey key;

    @Nullable
    String source;

    @Nullable
    String title;

    @Nullable
    String location;

    @Nullable
    String mediaType;
    /** Of the newest revision; PENDING before the first. */
    String state = "PENDING";

    long version;
    long revision;
    long indexedVersion;
    long indexedRevision;
    int passages;

    @Nullable
    String errorCode;

    Instant changedAt = Instant.EPOCH;

    @Nullable
    Instant indexedAt;

    DocumentRow(DocumentKey key) {
        this.key = key;
    }
}
