package io.palimpsest.ingest.timeline;

import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change while the projector works on it. Facts arrive from several topics in any order: each sets its own fields,
 * and the state follows from all of them. Threading: confined to the projector.
 */
final class ChangeRow {
    final ChangeId changeId;
    final DocumentKey key;

    @Nullable
    String source;

    @Nullable
    String eventId;

    @Nullable
    String type;

    long arrivals;
    long duplicates;
    /** 0 until accepted. */
    long version;

    DocumentAccepted.@Nullable Effect effect;

    @Nullable
    Instant receivedAt;

    @Nullable
    Instant acceptedAt;

    @Nullable
    Instant extractStartedAt;

    @Nullable
    Instant extractedAt;

    @Nullable
    Instant revisedAt;

    @Nullable
    Instant indexedAt;

    @Nullable
    Instant endedAt;

    DocumentExtracted.@Nullable Outcome outcome;
    /** Set where no other field says it: STALE, DEAD_LETTERED, or QUARANTINED by the index. */
    @Nullable
    ChangeState droppedAs;

    @Nullable
    String errorCode;

    @Nullable
    String message;

    int deliveries;
    int passages;
    int embedded;
    int reused;

    /** How the row as it was read is counted; null for a new one. */
    @Nullable
    Counted counted;

    record Counted(ChangeState state, ChangeCount count) {}

    ChangeRow(ChangeId changeId, DocumentKey key) {
        this.changeId = changeId;
        this.key = key;
    }

    /** @param indexedVersion highest version of the document that the index confirmed; 0 for none */
    ChangeState state(long indexedVersion) {
        if (outcome == DocumentExtracted.Outcome.FAILED) {
            return ChangeState.QUARANTINED;
        }
        if (indexedAt != null) {
            return indexedAs();
        }
        if (version > 0) {
            return version <= indexedVersion ? ChangeState.SUPERSEDED : inFlightState();
        }
        return droppedAs != null ? droppedAs : ChangeState.RECEIVED;
    }

    private ChangeState indexedAs() {
        if (droppedAs != null) {
            return droppedAs;
        }
        if (effect == DocumentAccepted.Effect.DELETE) {
            return ChangeState.DELETED;
        }
        return outcome == DocumentExtracted.Outcome.EMPTY ? ChangeState.EMPTY : ChangeState.INDEXED;
    }

    private ChangeState inFlightState() {
        if (revisedAt != null) {
            return ChangeState.REVISED;
        }
        return extractedAt != null ? ChangeState.EXTRACTED : ChangeState.ACCEPTED;
    }
}
