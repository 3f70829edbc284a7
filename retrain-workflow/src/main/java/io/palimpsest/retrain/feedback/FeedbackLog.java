package io.palimpsest.retrain.feedback;

import io.palimpsest.contracts.event.FeedbackGiven;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import java.time.Instant;
import java.util.List;

/** What was taken in, in order. Threading: safe. Failure: {@code DATABASE_FAILED}. */
public final class FeedbackLog {
    private final Sql sql;

    public FeedbackLog(Sql sql) {
        this.sql = sql;
    }

    /** @param sequence exclusive; 0 for the start */
    public List<FeedbackGiven> after(CollectionKey collection, long sequence, int limit) {
        return sql.query(
                "SELECT * FROM feedback WHERE tenant = ? AND collection = ? AND sequence_number > ?"
                        + " ORDER BY sequence_number LIMIT " + limit,
                FeedbackOutbox::read,
                collection.tenant().value(),
                collection.collection().value(),
                sequence);
    }

    /**
     * Deletes what was given before, once the topic has it.
     *
     * @return how many
     */
    public int deleteBefore(Instant instant) {
        return sql.update("DELETE FROM feedback WHERE given_at < ? AND published = 1", instant.toEpochMilli());
    }

    /** The last number given; 0 where there is no feedback. */
    public long last(CollectionKey collection) {
        return sql.first(
                        "SELECT last_number FROM feedback_sequence WHERE tenant = ? AND collection = ?",
                        row -> row.getLong(1),
                        collection.tenant().value(),
                        collection.collection().value())
                .orElse(0L);
    }
}
