package io.palimpsest.index.search;

import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.config.SearchSettings;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A search as it comes over HTTP: everything but the query may be absent. Null means the default, which may be the operator's. */
public record SearchBody(
        @Nullable String query,
        @Nullable Integer limit,
        @Nullable SearchMode mode,
        @Nullable FusionMethod fusion,
        @Nullable Float vectorWeight,
        @Nullable Map<String, String> labels,
        @Nullable Instant asOf,
        @Nullable MinFreshness minFreshness,
        @Nullable Boolean rerank,
        @Nullable Boolean explain,
        @Nullable Boolean groupByDocument,
        @Nullable GenerationId generation,
        @Nullable ModelId model,
        @Nullable Boolean probe) {

    /** @param settings what holds for a request that does not say otherwise */
    public SearchRequest toRequest(SearchSettings settings) {
        return new SearchRequest(
                Objects.requireNonNullElse(query, ""),
                Objects.requireNonNullElse(limit, SearchRequest.DEFAULT_LIMIT),
                Objects.requireNonNullElse(mode, SearchMode.HYBRID),
                Objects.requireNonNullElse(fusion, method(settings.fusion())),
                Objects.requireNonNullElse(vectorWeight, (float) settings.vectorWeight()),
                Objects.requireNonNullElse(labels, Map.of()),
                asOf,
                minFreshness,
                Objects.requireNonNullElse(rerank, settings.rerank()),
                Boolean.TRUE.equals(explain),
                Boolean.TRUE.equals(groupByDocument));
    }

    public SearchTarget target() {
        return new SearchTarget(generation, model, Boolean.TRUE.equals(probe), false);
    }

    private static FusionMethod method(SearchSettings.Fusion fusion) {
        return switch (fusion) {
            case SCORES -> FusionMethod.SCORES;
            case RANKS -> FusionMethod.RANKS;
        };
    }
}
