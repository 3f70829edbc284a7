package io.palimpsest.ingest.gate;

import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.config.GateSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the gate decides by.
 *
 * @param largeBytes content known to have this size or more is extracted in the large lane; of unknown size in the small one
 * @param duplicateRetention how long event ids are remembered; beyond it positions alone make a repetition harmless, for
 *     sources that number their changes
 * @param tombstoneRetention how long a delete is remembered against late changes; see
 *     {@link GateSettings}
 * @param defaultAccess access of documents whose source names none
 * @param suppressed documents whose changes are dropped
 */
public record GateRules(
        long largeBytes,
        Duration duplicateRetention,
        Duration tombstoneRetention,
        List<String> defaultAccess,
        Predicate<DocumentKey> suppressed) {

    private static final Duration DUPLICATE_RETENTION = Duration.ofDays(7);

    public static GateRules of(GateSettings gate, long largeBytes) {
        return new GateRules(
                largeBytes, DUPLICATE_RETENTION, gate.tombstoneRetention(), List.of(DocumentProperties.EVERYONE));
    }

    public GateRules(
            long largeBytes, Duration duplicateRetention, Duration tombstoneRetention, List<String> defaultAccess) {
        this(largeBytes, duplicateRetention, tombstoneRetention, defaultAccess, key -> false);
    }

    /** @param documents that were erased: their changes are dropped, but for the delete that the erasure sends */
    public GateRules without(Predicate<DocumentKey> documents) {
        return new GateRules(largeBytes, duplicateRetention, tombstoneRetention, defaultAccess, documents);
    }

    public GateRules {
        defaultAccess = List.copyOf(defaultAccess);
    }
}
