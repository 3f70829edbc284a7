package io.palimpsest.platform.telemetry;

import java.util.List;

/** Every metric there is. Tags have few values: never a document id, never content. */
public enum Metric {
    CHANGES_RECEIVED(
            Type.COUNTER,
            "palimpsest.changes.received",
            "changes",
            "Changes taken, by kind of source: debezium, folder, http, kafka, s3",
            "source"),
    CHANGES_ACCEPTED(Type.COUNTER, "palimpsest.changes.accepted", "changes", "Changes the gate let through", "type"),
    CHANGES_DROPPED(
            Type.COUNTER,
            "palimpsest.changes.dropped",
            "changes",
            "Duplicates and superseded changes the gate dropped",
            "reason"),
    DEAD_LETTERS(
            Type.COUNTER, "palimpsest.dead.letters", "changes", "Changes that ended in the dead-letter topic", "error"),
    FETCH_DURATION(Type.TIMER, "palimpsest.fetch", "seconds", "Time of one fetch", "outcome"),
    EXTRACT_DURATION(Type.TIMER, "palimpsest.extract", "seconds", "Time of one extraction", "lane", "outcome"),
    EXTRACT_QUEUE_AGE(
            Type.GAUGE,
            "palimpsest.extract.queue.age",
            "seconds",
            "Time since the oldest change that waits for extraction was received; the same from each ingest service"),
    QUARANTINE_SIZE(
            Type.GAUGE,
            "palimpsest.quarantine.size",
            "contents",
            "Contents in quarantine; the same from each ingest service"),
    PASSAGES(
            Type.COUNTER,
            "palimpsest.passages",
            "passages",
            "Passages of indexed revisions, by where their vector came from: embedded or reused",
            "vector"),
    REUSE_RATIO(
            Type.GAUGE,
            "palimpsest.passages.reuse.ratio",
            "ratio",
            "Share of passages since the start whose vector was reused"),
    EMBED_DURATION(Type.TIMER, "palimpsest.embed.batch", "seconds", "Time to embed one batch"),
    INDEX_DURATION(Type.TIMER, "palimpsest.index.batch", "seconds", "Time to write one batch to the index"),
    INDEX_LAG(
            Type.GAUGE,
            "palimpsest.index.lag",
            "records",
            "Revisions that are made and not in the index yet; the same from each ingest service"),
    KAFKA_LAG(
            Type.GAUGE,
            "palimpsest.kafka.lag",
            "records",
            "Records of a topic that a group has not worked off; NaN while Kafka does not tell. Groups: inbox, gate, revise,"
                    + " extract-small, extract-large, index-small, index-large",
            "group",
            "topic"),
    INDEX_CHURN(
            Type.GAUGE,
            "palimpsest.index.churn",
            "ratio",
            "Passages removed for good since the generation was made, by those it holds; of the most worn generation"),
    INDEX_RECALL(
            Type.GAUGE,
            "palimpsest.index.canary.recall",
            "ratio",
            "Share of a fixed sample's nearest passages that the vector leg finds; of the worst generation"),
    EVENT_TO_SEARCHABLE(
            Type.TIMER,
            "palimpsest.event.to.searchable",
            "seconds",
            "From a change's arrival until a search finds it, by source: one that telemetry.sources names, folder or other",
            "source"),
    SEARCH_DURATION(Type.TIMER, "palimpsest.search", "seconds", "Time of one search", "mode"),
    SEARCH_HITS_STALE(
            Type.COUNTER,
            "palimpsest.search.hits.stale",
            "hits",
            "Hits held back because the document's current revision differs"),
    ANSWERS(
            Type.COUNTER,
            "palimpsest.answers",
            "answers",
            "Answers, by outcome: grounded, abstained, failed",
            "outcome"),
    DRIFT_ALARMS(
            Type.COUNTER,
            "palimpsest.drift.alarms",
            "alarms",
            "Alarms of drift raised by this process, by kind: drift, or dead where nothing would be noticed",
            "kind"),
    DRIFT_ALARMS_OPEN(
            Type.GAUGE,
            "palimpsest.drift.alarms.open",
            "alarms",
            "Alarms of drift that hold; the same from each retrain service"),
    CANARY_NDCG(
            Type.GAUGE,
            "palimpsest.canary.ndcg",
            "ratio",
            "nDCG@10 of known questions on the live generation; of the worst collection"),
    CANARY_RECALL(
            Type.GAUGE,
            "palimpsest.canary.recall",
            "ratio",
            "Share of the known answers of known questions among the first 50 documents; of the worst collection"),
    CANARY_OVERLAP(
            Type.GAUGE,
            "palimpsest.canary.overlap",
            "ratio",
            "Share of the first ten documents of known questions that were among the first ten when the generation went live;"
                    + " of the worst collection"),
    HTTP_DURATION(
            Type.TIMER, "palimpsest.http.requests", "seconds", "Time of one HTTP request", "method", "route", "status"),
    LEDGER_ENTRIES(Type.COUNTER, "palimpsest.ledger.entries", "entries", "Entries made for the ledger", "type");

    /** What it measures with. */
    public enum Type {
        /** Only grows. */
        COUNTER,
        /** Durations: count, sum, maximum and histogram. */
        TIMER,
        /** A value of now. */
        GAUGE
    }

    private final Type type;
    private final String id;
    private final String unit;
    private final String help;
    /** Comma-separated: an enum holds nothing mutable. */
    private final String tags;

    Metric(Type type, String id, String unit, String help, String... tags) {
        this.type = type;
        this.id = id;
        this.unit = unit;
        this.help = help;
        this.tags = String.join(",", tags);
    }

    public Type type() {
        return type;
    }

    public String id() {
        return id;
    }

    public String unit() {
        return unit;
    }

    public String help() {
        return help;
    }

    public List<String> tags() {
        return tags.isEmpty() ? List.of() : List.of(tags.split(",", -1));
    }
}
