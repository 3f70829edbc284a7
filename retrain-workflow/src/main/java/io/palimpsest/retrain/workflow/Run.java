package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.id.CollectionKey;
import java.time.Instant;
import java.util.Optional;

/**
 * A run as it stands.
 *
 * @param cause what it was started for: id of an alarm, or who asked
 * @param end empty while it runs
 */
public record Run(
        String id,
        String kind,
        CollectionKey collection,
        String cause,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<RunEnd> end) {
    /** A step that is done, in the order of doing. */
    public record Done(Stage stage, String result, Instant at) {}
}
