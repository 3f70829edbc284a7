package io.palimpsest.index.generation;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.model.ModelStore;
import io.palimpsest.platform.model.RegisteredModel;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes another generation the live one, in one transaction. */
final class LiveSwitch {
    private LiveSwitch() {}

    /** What is kept of it in the history. */
    record Why(LivePeriod.Act act, @Nullable String reason, String actor, Instant at) {}

    /**
     * What was done.
     *
     * @param period null: it was live already
     */
    record Done(GenerationRow row, @Nullable LivePeriod period) {}

    static Done to(Sql.Transaction in, CollectionKey collection, GenerationId id, Why why) throws SQLException {
        LiveRow live = GenerationTable.live(in, collection).orElseThrow();
        GenerationRow row = GenerationTable.find(in, id).orElse(null);
        if (row != null && row.state() == GenerationState.LIVE) {
            return new Done(row, null);
        }
        boolean rollBack = why.act() == LivePeriod.Act.ROLLBACK;
        if (row == null || !row.isUpToDate()) {
            throw new PalimpsestException(
                    rollBack ? ErrorCode.NOTHING_TO_ROLL_BACK : ErrorCode.GENERATION_GATES_FAILED,
                    "generation " + id + " failed BUILT: it was dropped, or is not kept up to date any more");
        }
        LivePeriod period = new LivePeriod(
                live.number() + 1, id, row.model(), why.at(), null, why.act(), why.actor(), why.reason());
        retire(in, collection, live.generation(), id);
        GenerationTable.set(in, id, GenerationState.LIVE, true);
        // A second step back would lead to what was just left.
        GenerationTable.setLive(in, collection, rollBack ? null : live.generation(), period);
        ModelStore.mark(in, row.model(), RegisteredModel.State.SERVING);
        return new Done(row, period);
    }

    /** What was live stays written; what was live before that is kept for searches of the past only. */
    private static void retire(Sql.Transaction in, CollectionKey collection, GenerationId leaving, GenerationId coming)
            throws SQLException {
        for (GenerationRow other : GenerationTable.of(in, collection)) {
            if (other.id().equals(leaving)) {
                GenerationTable.set(in, leaving, GenerationState.RETIRED, true);
                if (GenerationTable.liveWith(in, other.model()) == 0) {
                    ModelStore.mark(in, other.model(), RegisteredModel.State.RETIRED);
                }
            } else if (other.state() == GenerationState.RETIRED && !other.id().equals(coming)) {
                GenerationTable.set(in, other.id(), GenerationState.RETIRED, false);
            }
        }
    }
}
