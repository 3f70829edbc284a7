package io.palimpsest.index.search;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far back the past can be asked for. Further back part of what was there is gone, and the rest would mislead.
 *
 * @param retention of what was superseded or deleted
 */
public record History(Duration retention, Clock clock) {
    /**
     * Null is now.
     *
     * @throws PalimpsestException {@link ErrorCode#AS_OF_NOT_RETAINED}
     */
    public void check(@Nullable Instant asOf) {
        Instant kept = clock.instant().minus(retention);
        if (asOf != null && asOf.isBefore(kept)) {
            throw new PalimpsestException(
                    ErrorCode.AS_OF_NOT_RETAINED, "asOf: history is kept for " + retention + ", that is since " + kept);
        }
    }
}
