package io.palimpsest.index;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.index.indexer.IndexListener;
import io.palimpsest.index.rewrite.AcronymLearner;
import io.palimpsest.platform.cost.Spent;
import io.palimpsest.platform.cost.Work;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became visible and what it took, and teaches the query rewriter its acronyms. */
final class IndexMetrics implements IndexListener {
    private final Telemetry telemetry;
    private final AcronymLearner acronyms;
    private final Bill costs;
    private final List<String> sources;
    private final LongAdder embedded = new LongAdder();
    private final LongAdder reused = new LongAdder();

    /** Where it is written down what work took; {@code CostMeter#add}. */
    @FunctionalInterface
    interface Bill {
        void add(Work work, Duration wall, long cpuNanos, Spent counts);
    }

    /** @param sources beginnings of sources that get a tag of their own */
    IndexMetrics(Telemetry telemetry, AcronymLearner acronyms, Bill costs, List<String> sources) {
        this.sources = List.copyOf(sources);
        this.telemetry = telemetry;
        this.acronyms = acronyms;
        this.costs = costs;
        telemetry.gauge(Metric.REUSE_RATIO, () -> {
            double all = embedded.sum() + (double) reused.sum();
            return all == 0 ? 0 : reused.sum() / all;
        });
    }

    @Override
    public void embedded(Duration time) {
        telemetry.time(Metric.EMBED_DURATION, time);
    }

    @Override
    public void written(Duration time) {
        telemetry.time(Metric.INDEX_DURATION, time);
    }

    @Override
    public void spent(Work work, Duration wall, long cpuNanos, Spent counts) {
        costs.add(work, wall, cpuNanos, counts);
    }

    @Override
    public void indexed(DocumentRevised revision, ExtractedDocument document) {
        acronyms.indexed(revision, document);
    }

    @Override
    public void applied(DocumentIndexed indexed) {
        acronyms.applied(indexed);
        embedded.add(indexed.embedded());
        reused.add(indexed.reused());
        telemetry.count(Metric.PASSAGES, indexed.embedded(), "embedded");
        telemetry.count(Metric.PASSAGES, indexed.reused(), "reused");
        telemetry.time(
                Metric.EVENT_TO_SEARCHABLE,
                Duration.between(indexed.receivedAt(), indexed.indexedAt()),
                tag(indexed.source()));
    }

    /** An event's source is any text, and may name whose it is: only what the operator named becomes a tag. */
    private String tag(String source) {
        return sources.stream()
                .filter(source::startsWith)
                .max(Comparator.comparingInt(String::length))
                .orElse(source.startsWith("folder:") ? "folder" : "other");
    }
}
