package io.palimpsest.bridges.lineage;

import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.openlineage.client.OpenLineage.RunFacetsBuilder;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Run events in OpenLineage's words. The same facts give the same event, byte for byte: what is sent again changes nothing.
 *
 * <p>Threading: safe.
 */
final class LineageEvents {
    /** Of what is ours in a run or a dataset: ids, hashes and counts. */
    static final String FACET = "palimpsest";

    private static final URI PRODUCER = URI.create("urn:palimpsest:bridges");

    private final OpenLineage words = new OpenLineage(PRODUCER);
    private final Datasets datasets;
    private final String namespace;

    LineageEvents(String namespace) {
        this.namespace = namespace;
        this.datasets = new Datasets(words, namespace);
    }

    Datasets datasets() {
        return datasets;
    }

    /** A run of a job. The id is a UUID made of our own id. */
    record Work(UUID run, String job, String says, @Nullable Work parent) {}

    /**
     * What happened.
     *
     * @param facts ids, hashes and counts
     * @param failure null where nothing failed
     */
    record Happening(
            EventType type,
            Instant at,
            Map<String, Object> facts,
            @Nullable Span span,
            @Nullable String failure,
            List<InputDataset> inputs,
            List<OutputDataset> outputs) {}

    /** Exclusive of its end. */
    record Span(Instant from, Instant until) {}

    RunEvent event(Work work, Happening happening) {
        return words.newRunEventBuilder()
                .eventTime(time(happening.at()))
                .eventType(happening.type())
                .run(words.newRunBuilder()
                        .runId(work.run())
                        .facets(facets(work, happening).build())
                        .build())
                .job(words.newJobBuilder()
                        .namespace(namespace)
                        .name(work.job())
                        .facets(words.newJobFacetsBuilder()
                                .documentation(words.newDocumentationJobFacetBuilder()
                                        .description(work.says())
                                        .build())
                                .jobType(words.newJobTypeJobFacetBuilder()
                                        .processingType("BATCH")
                                        .integration("PALIMPSEST")
                                        .jobType("JOB")
                                        .build())
                                .build())
                        .build())
                .inputs(happening.inputs())
                .outputs(happening.outputs())
                .build();
    }

    private RunFacetsBuilder facets(Work work, Happening happening) {
        RunFacetsBuilder facets = words.newRunFacetsBuilder();
        OpenLineage.RunFacet own = words.newRunFacet();
        own.getAdditionalProperties().putAll(happening.facts());
        facets.put(FACET, own);
        Work parent = work.parent();
        if (parent != null) {
            facets.parent(words.newParentRunFacetBuilder()
                    .run(words.newParentRunFacetRunBuilder().runId(parent.run()).build())
                    .job(words.newParentRunFacetJobBuilder()
                            .namespace(namespace)
                            .name(parent.job())
                            .build())
                    .build());
        }
        Span span = happening.span();
        if (span != null) {
            facets.nominalTime(words.newNominalTimeRunFacet(time(span.from()), time(span.until())));
        }
        String failure = happening.failure();
        if (failure != null) {
            facets.errorMessage(words.newErrorMessageRunFacetBuilder()
                    .message(failure)
                    .programmingLanguage("JAVA")
                    .build());
        }
        return facets;
    }

    private static ZonedDateTime time(Instant instant) {
        return instant.atZone(ZoneOffset.UTC);
    }
}
