package io.palimpsest.ingest.work;

import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;

/** Two lanes, each a topic and a share group of its own: huge files do not hold up small ones. */
public enum Lane {
    /** Several records at a time per worker. */
    SMALL("palimpsest-extract-small", 8),
    LARGE("palimpsest-extract-large", 1);

    private final String group;
    private final int batch;

    Lane(String group, int batch) {
        this.group = group;
        this.batch = batch;
    }

    public String group() {
        return group;
    }

    public Topic<DocumentKey, DocumentAccepted> topic() {
        return switch (this) {
            case SMALL -> Topics.EXTRACT_SMALL;
            case LARGE -> Topics.EXTRACT_LARGE;
        };
    }

    /** Records that a worker takes at once. */
    int batch() {
        return batch;
    }
}
