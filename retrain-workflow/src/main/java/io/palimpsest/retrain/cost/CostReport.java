package io.palimpsest.retrain.cost;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What work has taken in a collection.
 *
 * @param since the first of it began; null where there is none
 * @param currency as configured; null where no price is
 * @param reindexing changes into the live generation; each is of a document
 * @param generations beside the live one: builds, and changes into them; each is of a document
 * @param training trainings, evaluations and labels; each is of a run
 * @param details by kind and subject
 * @param estimates by what the estimates of triage are made
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CostReport(
        CollectionKey collection,
        @Nullable Instant since,
        @Nullable String currency,
        Total reindexing,
        Total generations,
        Total training,
        List<Detail> details,
        String estimates) {
    public CostReport {
        details = List.copyOf(details);
    }

    /**
     * A sum.
     *
     * @param count documents of re-indexing and generations, runs of training
     * @param cpuSeconds null where nobody could tell
     * @param labels grades of reviewers
     * @param money null where no price is configured
     * @param each of {@code count}; null where there is none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Total(
            long count,
            double wallSeconds,
            @Nullable Double cpuSeconds,
            long passages,
            long embedded,
            long labels,
            long tokens,
            @Nullable Double money,
            @Nullable Each each) {}

    /** A mean. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Each(
            double wallSeconds,
            @Nullable Double cpuSeconds,
            @Nullable Double money) {}

    /** One kind of work on one subject: a model, a generation, a trainer. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Detail(String kind, String subject, Total total) {}
}
