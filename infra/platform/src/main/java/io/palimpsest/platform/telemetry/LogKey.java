package io.palimpsest.platform.telemetry;

/** The keys a log line may carry: a message says what happened, keys say which. Never content. */
public enum LogKey {
    DOCUMENT_ID("documentId", "Document the line is about: SHA-256 of tenant/collection/document, in hex"),
    CHANGE_ID("changeId", "Change the line is about"),
    TOPIC("topic", "Kafka topic"),
    PARTITION("partition", "Partition of the topic"),
    NEXT_OFFSET("nextOffset", "Kafka position: the next record to read"),
    ERROR_CODE("errorCode", "Id of the error code, such as PAL-301"),
    MODEL_VERSION("modelVersion", "Model the line is about"),
    TREE_SIZE("treeSize", "Number of leaves of the ledger");

    private final String key;
    private final String meaning;

    LogKey(String key, String meaning) {
        this.key = key;
        this.meaning = meaning;
    }

    public String key() {
        return key;
    }

    public String meaning() {
        return meaning;
    }
}
