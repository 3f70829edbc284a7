package io.palimpsest.platform.erasure;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every store that there must be, and every place that needs none, with the reason. A test holds both against the tables, topics and
 * folders that there are: a new one that nobody has thought of fails it.
 */
public final class Inventory {
    /** An erasure does not begin before a process has made each of them known. */
    public static final Set<String> STORES = Set.of(
            "deletion",
            "poison",
            "timeline",
            "dead-letters",
            "source-listings",
            "topics",
            "passages",
            "embeddings",
            "query-log",
            "revisions",
            "generation-checkpoints",
            "revision-makers",
            "feedback",
            "reviews",
            "canaries",
            "standings",
            "snapshots",
            "content",
            "erasures",
            "ledger-subjects");

    private static final String DATABASE =
            "its tables, each of which is listed here or covered; what is deleted is overwritten";
    private static final String KEY = "a secret of the deployment";
    private static final String COUNTS = "numbers only";
    private static final String NAMES = "names of generations, models, people and services; none of documents";
    private static final String QUESTIONS = "made of questions that people asked, not of documents";

    /** Tables that no document is in. */
    public static final Map<String, String> TABLES = Map.ofEntries(
            Map.entry("flyway_schema_history", "versions of the schema"),
            Map.entry("collection", "names of collections"),
            Map.entry("change_count", COUNTS),
            Map.entry("projection_position", COUNTS),
            Map.entry("drift_position", COUNTS),
            Map.entry("folder_source", COUNTS),
            Map.entry("feedback_sequence", COUNTS),
            Map.entry("shadow_reads", COUNTS),
            Map.entry("canary_measurement", COUNTS),
            Map.entry("cost", COUNTS),
            Map.entry("folder_root", "names of watched folders"),
            Map.entry("debezium_topic", "names of topics"),
            Map.entry("lease", "names of what one process holds"),
            Map.entry("turn", "empty"),
            Map.entry("timer", "names of timers"),
            Map.entry("shared_secret", "secrets of the deployment, sealed"),
            Map.entry("live_generation", NAMES),
            Map.entry("generation_history", NAMES),
            Map.entry("approval_request", NAMES),
            Map.entry("approval", "what people said of a candidate or an erasure, and why"),
            Map.entry("run", "ids and codes of runs"),
            Map.entry("run_stage", "ids, hashes and codes that steps of runs gave"),
            Map.entry("run_progress", COUNTS),
            Map.entry("drift_reference", QUESTIONS),
            Map.entry("drift_reference_request", QUESTIONS),
            Map.entry("drift_measurement", QUESTIONS),
            Map.entry("drift_alarm", QUESTIONS),
            Map.entry("drift_proposal", QUESTIONS),
            Map.entry("drift_policy", QUESTIONS),
            Map.entry("ledger_entry", "first bytes of salted hashes; what opens them is in ledger_subject"),
            Map.entry("ledger_head", "checkpoints"),
            Map.entry("index_manifest", "roots and salts of manifests; their leaves are in a folder"),
            Map.entry("configuration", "settings without secrets"),
            Map.entry("artifact", NAMES),
            Map.entry("ledger_scope", "salts of tenants and collections"));

    /** Topics that no document is in. */
    public static final Map<String, String> TOPICS = Map.of("drift.measured.v1", QUESTIONS);

    /** Folders of the data directory, or files in it, that no document is in. */
    public static final Map<String, String> FOLDERS = Map.ofEntries(
            Map.entry("palimpsest.db", DATABASE),
            Map.entry("palimpsest.db-wal", DATABASE),
            Map.entry("palimpsest.db-shm", DATABASE),
            Map.entry("palimpsest.log", "what processes say: ids, never text; named in every certificate"),
            Map.entry("work", "a file while it is worked on: it is deleted when the work ends, and at the next start"),
            Map.entry("forks", "a file while it is parsed: it is deleted when the parser ends, and at the next start"),
            Map.entry("models", "models; those that learned from the document are tainted"),
            Map.entry("natives", "libraries"),
            Map.entry("temporal", "histories of workflows: ids of erasures and runs"),
            Map.entry("server.json", "where the server is"),
            Map.entry("lock", "empty"),
            Map.entry("instance.id", "a random name"),
            Map.entry("configuration.json", "digests of settings"),
            Map.entry("local.key", KEY),
            Map.entry("master.key", KEY),
            Map.entry("commitment.key", KEY));

    private Inventory() {}

    /** @return names of stores that nobody has made known */
    public static List<String> missing(List<ErasureTasks.Known> known) {
        return STORES.stream()
                .filter(name -> known.stream().noneMatch(store -> store.store().equals(name)))
                .sorted()
                .toList();
    }
}
