package io.palimpsest.index.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to search for and how; valid by construction.
 *
 * @param query 1 to 4,096 characters, not blank
 * @param limit hits wanted, 1 to 100
 * @param vectorWeight weight of the vector leg in fusion by scores, 0 to 1
 * @param labels all of them must be on the document
 * @param asOf search the corpus as it was then, under today's access rules; null: now
 * @param minFreshness null: whatever the index has
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SearchRequest(
        String query,
        int limit,
        SearchMode mode,
        FusionMethod fusion,
        float vectorWeight,
        Map<String, String> labels,
        @Nullable Instant asOf,
        @Nullable MinFreshness minFreshness,
        boolean rerank,
        boolean explain,
        boolean groupByDocument) {
    public static final int MAX_QUERY_LENGTH = 4096;
    public static final int MAX_LIMIT = 100;
    public static final int DEFAULT_LIMIT = 10;

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /** Best of 0.4 to 0.8 on Cranfield, see {@code infra/docs/benchmarks.md}; the default of the settings too. */
    public static final float DEFAULT_VECTOR_WEIGHT = 0.6f;

    public SearchRequest {
        require(
                labels.entrySet().stream()
                        .noneMatch(label -> Objects.isNull(label.getKey()) || Objects.isNull(label.getValue())),
                "labels: each needs a value");
        labels = Map.copyOf(labels);
        require(
                asOf == null || (asOf.isAfter(EARLIEST) && asOf.isBefore(LATEST)),
                "asOf: is not within the years 1 to 9999");
        require(!query.isBlank(), "query: must not be empty");
        require(
                query.length() <= MAX_QUERY_LENGTH,
                "query: " + query.length() + " characters, at most " + MAX_QUERY_LENGTH + " are allowed");
        require(limit >= 1 && limit <= MAX_LIMIT, "limit: " + limit + " is not within 1 to " + MAX_LIMIT);
        require(vectorWeight >= 0 && vectorWeight <= 1, "vectorWeight: " + vectorWeight + " is not within 0 to 1");
    }

    public static SearchRequest of(String query) {
        return new SearchRequest(
                query,
                DEFAULT_LIMIT,
                SearchMode.HYBRID,
                FusionMethod.SCORES,
                DEFAULT_VECTOR_WEIGHT,
                Map.of(),
                null,
                null,
                false,
                false,
                false);
    }

    public SearchRequest withLimit(int wanted) {
        return new SearchRequest(
                query,
                wanted,
                mode,
                fusion,
                vectorWeight,
                labels,
                asOf,
                minFreshness,
                rerank,
                explain,
                groupByDocument);
    }

    /** To repeat what was asked, as of then. */
    public SearchRequest asOf(Instant moment) {
        return new SearchRequest(
                query, limit, mode, fusion, vectorWeight, labels, moment, null, rerank, false, groupByDocument);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new PalimpsestException(ErrorCode.QUERY_INVALID, message);
        }
    }
}
