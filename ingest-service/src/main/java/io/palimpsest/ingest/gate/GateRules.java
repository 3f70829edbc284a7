package io.palimpsest.ingest.gate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.config.GateSettings;
import java.time.Duration;
import java.util.List;

/**
 * What the gate decides by.
 *
 * @param largeBytes content known to have this size or more is extracted in the large lane; of unknown size in the small one
 * @param duplicateRetention how long event ids are remembered; beyond it positions alone make a repetition harmless, for
 *     sources that number their changes
 * @param tombstoneRetention how long a delete is remembered against late changes; longer than {@link Topics#CHANGED} keeps
 *     any
 * @param defaultAccess access of documents whose source names none
 */
public record GateRules(
        long largeBytes, Duration duplicateRetention, Duration tombstoneRetention, List<String> defaultAccess) {

    public static final GateRules DEFAULTS =
            new GateRules(8L << 20, Duration.ofDays(7), Duration.ofDays(90), List.of(DocumentProperties.EVERYONE));

    /** The operator's settings, the rest by default. */
    public static GateRules of(GateSettings gate, long largeBytes) {
        return new GateRules(
                largeBytes, DEFAULTS.duplicateRetention(), gate.tombstoneRetention(), DEFAULTS.defaultAccess());
    }

    public GateRules {
        defaultAccess = List.copyOf(defaultAccess);
        if (tombstoneRetention.compareTo(Topics.CHANGED.retention()) <= 0) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "gate.tombstone.retention must be longer than the retention of " + Topics.CHANGED.name() + " ("
                            + Topics.CHANGED.retention() + "), but is " + tombstoneRetention);
        }
    }
}
