package io.palimpsest.index.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.generation.BuildProgress;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationState;
import io.palimpsest.index.search.ShadowReads;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A generation as operators see it.
 *
 * @param passages the generation whose passages it reads, where that is another one
 * @param written whether changes go into it
 * @param gates as they were looked at last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record GenerationView(
        GenerationId id,
        ModelId model,
        @Nullable GenerationId passages,
        ModelId passagesModel,
        PassagePolicyId policy,
        GenerationRow.Origin origin,
        GenerationState state,
        boolean written,
        Instant madeAt,
        @Nullable Instant historyFrom,
        @Nullable String error,
        Build build,
        double shadowShare,
        @JsonRawValue @Nullable String gates,
        ShadowReads.@Nullable Numbers shadow) {

    /** How far it is; all zero for one that was never built beside another. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Build(
            long documents,
            long documentsDone,
            long passages,
            long passagesDone,
            long embedded,
            double seconds,
            @Nullable Long etaSeconds) {}

    static GenerationView of(GenerationRow row, ShadowReads.@Nullable Numbers shadow) {
        BuildProgress progress = row.progress();
        boolean own = row.passages().id().equals(row.id());
        return new GenerationView(
                row.id(),
                row.model(),
                own ? null : row.passages().id(),
                row.passages().model(),
                row.passages().policy(),
                row.origin(),
                row.state(),
                row.written(),
                row.madeAt(),
                row.historyFrom(),
                row.error(),
                new Build(
                        progress.documents(),
                        progress.documentsDone(),
                        progress.passages(),
                        progress.passagesDone(),
                        progress.embedded(),
                        progress.millis() / 1000.0,
                        row.state() == GenerationState.BUILDING ? progress.etaSeconds() : null),
                row.shadowShare(),
                row.gates(),
                shadow);
    }
}
