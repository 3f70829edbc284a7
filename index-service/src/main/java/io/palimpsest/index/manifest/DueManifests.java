package io.palimpsest.index.manifest;

import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationTable;
import io.palimpsest.index.generation.LivePeriod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which generation needs a manifest now: one that is built, that went live, that is live and changes, that was retired or is being
 * dropped.
 *
 * @param every of a live one; zero: none are needed
 */
record DueManifests(ManifestTable manifests, GenerationTable generations, Duration every) {
    /** @param always whether it is made even where nothing has changed */
    record Due(ManifestRow.Reason reason, boolean always) {}

    /** @param looked when it was last read through, a manifest made or not */
    Optional<Due> of(GenerationRow row, Instant looked, Instant now) {
        if (every.isZero()) {
            return Optional.empty();
        }
        ManifestRow newest = manifests.newest(row.collection(), row.id()).orElse(null);
        return switch (row.state()) {
            case BUILDING, FAILED -> Optional.empty();
            case READY -> newest == null ? due(ManifestRow.Reason.BUILT) : Optional.empty();
            case LIVE -> ofLive(row, newest, looked, now);
            case RETIRED -> ofRetired(row, newest);
            case DROPPING ->
                newest == null || newest.reason() != ManifestRow.Reason.DROPPED
                        ? due(ManifestRow.Reason.DROPPED)
                        : Optional.empty();
        };
    }

    private Optional<Due> ofLive(GenerationRow row, @Nullable ManifestRow newest, Instant looked, Instant now) {
        LivePeriod period = lastPeriod(row);
        if (newest == null || (period != null && newest.at().isBefore(period.from()))) {
            return due(ManifestRow.Reason.LIVE);
        }
        Instant last = looked.isAfter(newest.at()) ? looked : newest.at();
        return last.plus(every).isAfter(now)
                ? Optional.empty()
                : Optional.of(new Due(ManifestRow.Reason.CHANGED, false));
    }

    private Optional<Due> ofRetired(GenerationRow row, @Nullable ManifestRow newest) {
        LivePeriod period = lastPeriod(row);
        Instant until = period == null ? null : period.until();
        return until != null && (newest == null || newest.at().isBefore(until))
                ? due(ManifestRow.Reason.RETIRED)
                : Optional.empty();
    }

    private @Nullable LivePeriod lastPeriod(GenerationRow row) {
        return generations.history(row.collection()).stream()
                .filter(period -> period.generation().equals(row.id()))
                .reduce((earlier, later) -> later)
                .orElse(null);
    }

    private static Optional<Due> due(ManifestRow.Reason reason) {
        return Optional.of(new Due(reason, true));
    }
}
