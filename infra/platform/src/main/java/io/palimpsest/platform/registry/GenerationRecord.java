package io.palimpsest.platform.registry;

import io.palimpsest.contracts.id.CollectionKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A generation as the database has it.
 *
 * @param model of its queries
 * @param passages generation whose passages it reads: its own, or that of its base
 * @param passagesModel that made the vectors of its passages
 * @param policy by which passages were cut
 * @param error id of the code that its build failed with
 * @param gates JSON of the gates, from when it was last looked at
 * @param documents done by its build; documents that came later are not counted
 * @param periods when it was live, oldest first
 */
public record GenerationRecord(
        String id,
        CollectionKey collection,
        String model,
        String passages,
        String passagesModel,
        String policy,
        int dimensions,
        String origin,
        String state,
        boolean written,
        Instant madeAt,
        @Nullable String error,
        @Nullable String gates,
        long documents,
        long passagesDone,
        long embedded,
        long buildMillis,
        List<Period> periods) {
    public GenerationRecord {
        periods = List.copyOf(periods);
    }

    /**
     * A time of being live.
     *
     * @param until null: it still is
     * @param act FIRST, CONFIGURED, SWAP or ROLLBACK
     */
    public record Period(
            long number, Instant from, @Nullable Instant until, String act, String actor) {}

    public boolean isLive() {
        return periods.stream().anyMatch(period -> period.until() == null);
    }
}
