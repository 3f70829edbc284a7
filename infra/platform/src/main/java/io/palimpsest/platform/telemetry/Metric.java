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
                    + " extract-small, extract-large, index-small, index-large, drift (queries and feedback to measure),"
                    + " drift-alarms (measurements to judge), document-standings (revisions that reviews look up),"
                    + " ledger (entries that are not in the log yet)",
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
    DRIFT_UNWATCHED(
            Type.GAUGE,
            "palimpsest.drift.unwatched",
            "collections",
            "Collections of which drift would not be noticed: the last self-test of a signal did not find the injected"
                    + " drift, or queries come and nothing is measured; the same from each retrain service"),
    DRIFT_SIGNAL(
            Type.GAUGE,
            "palimpsest.drift.signal",
            "ratio",
            "Value of a signal's newest window by its threshold, above 1: crossed; of the collection where it is highest,"
                    + " NaN where there is none of the last day. The same from each retrain service",
            "signal"),
    DRIFT_WINDOWS(
            Type.COUNTER,
            "palimpsest.drift.windows",
            "windows",
            "Windows of a signal that this process judged, by outcome: calm, crossed, unjudged (too few samples, or no"
                    + " reference yet), found and missed (injected drift of a self-test)",
            "signal",
            "outcome"),
    FEEDBACK(
            Type.COUNTER,
            "palimpsest.feedback",
            "records",
            "Feedback that came, by outcome: taken, late, duplicate, refused; error is the code of a refusal, or none",
            "outcome",
            "error"),
    FEEDBACK_WAITING(
            Type.GAUGE,
            "palimpsest.feedback.waiting",
            "seconds",
            "Time since the oldest feedback was taken that is not on its topic yet; the same from each retrain service"),
    REVIEW_ITEMS(
            Type.GAUGE,
            "palimpsest.review.items",
            "items",
            "Items of the review queues, by state: open, adjudicate, done, skipped; the same from each retrain service",
            "state"),
    REVIEW_IDLE(
            Type.GAUGE,
            "palimpsest.review.idle",
            "seconds",
            "Time since anybody graded or skipped, while items wait; 0 while none waits. Of the collection where it is"
                    + " longest; the same from each retrain service"),
    LABELS_WANTED(
            Type.GAUGE,
            "palimpsest.labels.wanted",
            "queries",
            "Judged queries that runs which collect labels want; the same from each retrain service"),
    LABELS_COLLECTED(
            Type.GAUGE,
            "palimpsest.labels.collected",
            "queries",
            "Judged queries of those that such runs want; the same from each retrain service"),
    LABELS_AGREEMENT(
            Type.GAUGE,
            "palimpsest.labels.agreement",
            "alpha",
            "Krippendorff's alpha of the reviewers, of the collection where it is lowest; NaN while there is nothing to"
                    + " agree on. The same from each retrain service"),
    RUNS(
            Type.GAUGE,
            "palimpsest.runs",
            "runs",
            "Runs under way, by stage: label (and snapshot), train, evaluate, approve, roll_out, watch; the same from each"
                    + " retrain service",
            "stage"),
    RUN_STAGE_AGE(
            Type.GAUGE,
            "palimpsest.run.stage.age",
            "seconds",
            "Time that the run which is longest in a stage has been in it; 0 where there is none. The same from each"
                    + " retrain service",
            "stage"),
    RUN_STEP(
            Type.TIMER,
            "palimpsest.run.step",
            "seconds",
            "Time of a step of a run in this process, by outcome: done, failed (tried again, or the end of the run)",
            "stage",
            "outcome"),
    RUNS_ENDED(
            Type.COUNTER,
            "palimpsest.runs.ended",
            "runs",
            "Runs that ended in this process, by outcome: promoted, not_better, nothing_to_learn, rejected, expired,"
                    + " refused_at_swap, rolled_back, cancelled, failed",
            "outcome"),
    APPROVAL_WAITING(
            Type.GAUGE,
            "palimpsest.approval.waiting",
            "seconds",
            "Time that the candidate which has waited longest for an approval has waited; 0 where none waits. The same"
                    + " from each retrain service"),
    APPROVAL_LEFT(
            Type.GAUGE,
            "palimpsest.approval.left",
            "seconds",
            "Time until the first candidate that waits for an approval lapses; NaN where none waits. The same from each"
                    + " retrain service"),
    TRAINING_STEPS(Type.COUNTER, "palimpsest.training.steps", "steps", "Steps of trainings in this process", "trainer"),
    TRAINING_LOSS(
            Type.GAUGE,
            "palimpsest.training.loss",
            "loss",
            "Loss of the training in this process, on: train (last step), validation (last look); NaN where none trains",
            "on"),
    TRAINING_REMAINING(
            Type.GAUGE,
            "palimpsest.training.remaining",
            "seconds",
            "Time until the last step of the training in this process, estimated; NaN where none trains"),
    GENERATIONS(
            Type.GAUGE,
            "palimpsest.generations",
            "generations",
            "Generations of all collections, by state: building, ready, live, retired, failed, dropping; the same from each"
                    + " index service",
            "state"),
    GENERATION_BUILT(
            Type.GAUGE,
            "palimpsest.generation.build.ratio",
            "ratio",
            "Share that is done of the build that has done least; NaN where none is under way. The same from each index"
                    + " service"),
    GENERATION_REMAINING(
            Type.GAUGE,
            "palimpsest.generation.build.remaining",
            "seconds",
            "Time until the last build is done, at the speed so far; NaN where none is under way, or it is not known. The"
                    + " same from each index service"),
    GENERATION_IDLE(
            Type.GAUGE,
            "palimpsest.generation.build.idle",
            "seconds",
            "Time since this process saw any build go on, while one is under way; 0 where none is"),
    GENERATION_ACTS(
            Type.COUNTER,
            "palimpsest.generation.acts",
            "acts",
            "What was done with generations by this process: made, swap, refused (a swap, at its gates), rollback, dropped",
            "act"),
    SHADOW_READS(
            Type.COUNTER,
            "palimpsest.shadow.reads",
            "queries",
            "Live queries that a generation was asked too, by outcome: compared, failed, lost (it could not keep up)",
            "outcome"),
    SHADOW_OVERLAP(
            Type.COUNTER,
            "palimpsest.shadow.overlap",
            "queries",
            "Sum over the compared queries of the share of the first ten hits that both generations gave"),
    SHADOW_DURATION(
            Type.TIMER, "palimpsest.shadow", "seconds", "Time of a compared query, by side: live, shadow", "side"),
    QUERY_FACTS_LOST(
            Type.COUNTER,
            "palimpsest.query.facts.lost",
            "queries",
            "Queries that drift is not measured of, or that nobody can give feedback on, by what was lost of them: fact, log",
            "what"),
    PART_READY(
            Type.GAUGE,
            "palimpsest.parts.ready",
            "ready",
            "1 where a part of this process can do its work, 0 where it cannot; the parts are those of /health/ready",
            "part"),
    HTTP_DURATION(
            Type.TIMER, "palimpsest.http.requests", "seconds", "Time of one HTTP request", "method", "route", "status"),
    LEDGER_ENTRIES(Type.COUNTER, "palimpsest.ledger.entries", "entries", "Entries made for the ledger", "type"),
    LEDGER_TREE_SIZE(Type.GAUGE, "palimpsest.ledger.tree.size", "entries", "Entries under the newest checkpoint"),
    LEDGER_WITNESSED_SIZE(
            Type.GAUGE,
            "palimpsest.ledger.witnessed.size",
            "entries",
            "Entries under the newest checkpoint that a quorum of witnesses has cosigned; 0 without one"),
    LEDGER_CHECKED(
            Type.GAUGE,
            "palimpsest.ledger.checked",
            "ratio",
            "Share of the log's files that this process has compared with their hashes since its start"),
    MANIFEST_TIME(Type.TIMER, "palimpsest.ledger.manifest", "seconds", "Making of a manifest of the index", "reason"),
    LEDGER_EXPORT_AGE(
            Type.GAUGE,
            "palimpsest.ledger.export.age",
            "seconds",
            "Since the newest checkpoint, or one like it, was handed to a target; 0 before the first was due",
            "target"),
    BRIDGE_SENT(
            Type.COUNTER,
            "palimpsest.bridge.sent",
            "events",
            "What bridges told servers elsewhere, by bridge (lineage, mlflow) and outcome (taken, failed); what failed is told again",
            "bridge",
            "outcome"),
    BRIDGE_UNREADABLE(
            Type.COUNTER,
            "palimpsest.bridge.unreadable",
            "records",
            "Records that a bridge left out since they are no entries",
            "bridge");

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
