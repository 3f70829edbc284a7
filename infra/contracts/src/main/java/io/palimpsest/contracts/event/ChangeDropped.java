package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change that ended at the gate without effect, so that every change taken in can be counted as accepted, dropped or set
 * aside.
 *
 * @param position as the source gave it; null when it gave none
 * @param receivedAt when the intake took this delivery
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChangeDropped(
        DocumentKey key,
        ChangeId changeId,
        String source,
        ChangeType type,
        @Nullable Position position,
        Reason reason,
        Instant receivedAt,
        Instant droppedAt) {
    public ChangeDropped {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(changeId, "changeId");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(receivedAt, "receivedAt");
        Objects.requireNonNull(droppedAt, "droppedAt");
    }

    /** Why it has no effect. */
    public enum Reason {
        /** The same event was taken before: its first delivery counts. */
        DUPLICATE,
        /** Everything it says has been overtaken by changes of a higher position. */
        STALE,
        /** The document was erased, and must not come back. */
        SUPPRESSED
    }
}
