package io.palimpsest.ingest.gate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.ChangeDropped;
import io.palimpsest.contracts.event.DocumentAccepted;

/**
 * Told how each change ended, for metrics.
 *
 * <p>Threading: called by stream threads. Ordering and idempotency: a transaction that is rolled back and done again counts
 * twice; the exact counts are on the topics.
 */
public interface GateCounters {
    GateCounters NONE = new GateCounters() {
        @Override
        public void accepted(String source, DocumentAccepted.Effect effect) {}

        @Override
        public void dropped(String source, ChangeDropped.Reason reason) {}

        @Override
        public void refused(String source, ErrorCode code) {}
    };

    void accepted(String source, DocumentAccepted.Effect effect);

    void dropped(String source, ChangeDropped.Reason reason);

    /** @param source empty when the event could not be read */
    void refused(String source, ErrorCode code);
}
