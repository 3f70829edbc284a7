package io.palimpsest.retrain.feedback;

import io.palimpsest.contracts.event.FeedbackGiven;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.retrain.drift.measure.FeedbackOutcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was taken in, in order. Threading: safe. Failure: {@code DATABASE_FAILED}. */
public final class FeedbackLog {
    /** Arbitrary: enough to tell whose questions went wrong. */
    private static final int LOOKED_AT = 10_000;

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

    /**
     * Searches of which people said that they were good or bad; of each the first word counts, so that who marks every hit of one
     * search is one voice.
     */
    public record Success(long good, long total) {
        Success plus(boolean isGood) {
            return new Success(good + (isGood ? 1 : 0), total + 1);
        }

        public long bad() {
            return total - good;
        }

        /** 0 to 1; NaN of nothing. */
        public double share() {
            return total == 0 ? Double.NaN : (double) good / total;
        }
    }

    private record Word(String queryId, String question, Optional<Boolean> good) {}

    /**
     * Whether searches of a generation were good, in the order in which it was said.
     *
     * @param from inclusive
     * @param limit the newest so many words
     */
    public List<Boolean> outcomes(CollectionKey collection, GenerationId generation, Instant from, int limit) {
        return List.copyOf(firstWords(words(
                        "generation = ? AND given_at >= ? ORDER BY sequence_number DESC LIMIT " + limit,
                        collection,
                        generation.value(),
                        from.toEpochMilli()))
                .values());
    }

    /**
     * @param from inclusive
     * @param to exclusive
     * @param limit the newest so many words
     */
    public Success success(CollectionKey collection, Instant from, Instant to, int limit) {
        Success success = new Success(0, 0);
        for (boolean good : firstWords(words(
                        "given_at >= ? AND given_at < ? ORDER BY sequence_number DESC LIMIT " + limit,
                        collection,
                        from.toEpochMilli(),
                        to.toEpochMilli()))
                .values()) {
            success = success.plus(good);
        }
        return success;
    }

    /**
     * By the key of the question's text.
     *
     * @param from inclusive
     */
    public Map<String, Success> byQuestion(CollectionKey collection, Instant from) {
        List<Word> words = words(
                "given_at >= ? ORDER BY sequence_number DESC LIMIT " + LOOKED_AT, collection, from.toEpochMilli());
        Map<String, String> questions = new HashMap<>();
        words.forEach(word -> questions.put(word.queryId(), word.question()));
        Map<String, Success> all = new HashMap<>();
        firstWords(words)
                .forEach((query, good) -> all.merge(
                        questions.getOrDefault(query, query),
                        new Success(0, 0).plus(good),
                        (one, other) -> new Success(one.good() + other.good(), one.total() + other.total())));
        return all;
    }

    /**
     * What was said of each query, its id to whether it was good.
     *
     * @param from inclusive
     */
    public Map<String, Boolean> byQuery(CollectionKey collection, Instant from) {
        return firstWords(words(
                "given_at >= ? ORDER BY sequence_number DESC LIMIT " + LOOKED_AT, collection, from.toEpochMilli()));
    }

    /** @param newestFirst as they come from the table */
    private static Map<String, Boolean> firstWords(List<Word> newestFirst) {
        Map<String, Boolean> first = new LinkedHashMap<>();
        for (Word word : newestFirst.reversed()) {
            word.good().ifPresent(good -> first.putIfAbsent(word.queryId(), good));
        }
        return first;
    }

    private List<Word> words(String which, CollectionKey collection, Object... arguments) {
        @Nullable Object[] all = new @Nullable Object[arguments.length + 2];
        all[0] = collection.tenant().value();
        all[1] = collection.collection().value();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return sql.query(
                "SELECT query_id, query_key, kind, score FROM feedback WHERE tenant = ? AND collection = ? AND late = 0"
                        + " AND kind IN ('THUMB', 'RATING', 'CORRECTION') AND " + which,
                FeedbackLog::word,
                all);
    }

    private static Word word(ResultSet row) throws SQLException {
        int score = row.getInt("score");
        @Nullable Integer value = row.wasNull() ? null : score;
        return new Word(
                row.getString("query_id"),
                row.getString("query_key"),
                FeedbackOutcome.of(FeedbackGiven.Kind.valueOf(row.getString("kind")), value));
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
