package io.palimpsest.retrain.judgement;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.querylog.QueryCipher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of review items, assignments and judgements. Query texts and imported texts are sealed, bound to the item. */
final class ReviewStore {
    private static final int LOOKED_AT = 50;

    private final Sql sql;
    private final QueryCipher cipher;

    ReviewStore(Sql sql, QueryCipher cipher) {
        this.sql = sql;
        this.cipher = cipher;
    }

    /** One row; {@code label.grade()} is -1 until it is settled. */
    record Item(String itemId, GradedPassage label, Binding binding, ReviewState state, double priority) {}

    /** What produced the hit. */
    record Binding(String generation, String model, String origin) {}

    /** What a reviewer said; {@code grade} null: skipped. */
    record Said(String itemId, @Nullable Integer grade, boolean adjudication) {}

    /** Leaves items that are there as they are: nothing is graded twice. */
    void add(List<Item> items, Instant now) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Item item : items) {
            GradedPassage label = item.label();
            ContentHash extracted = label.place().extracted();
            ContentHash passages = label.place().passages();
            String text = label.importedText();
            rows.add(new @Nullable Object[] {
                item.itemId(),
                label.document().tenant().value(),
                label.document().collection().value(),
                label.queryId(),
                seal(item.itemId(), label.query()),
                label.askedAt().toEpochMilli(),
                label.document().document().value(),
                label.place().passage().value(),
                label.revision(),
                extracted == null ? null : extracted.value(),
                passages == null ? null : passages.value(),
                text == null ? null : seal(item.itemId(), text),
                item.binding().generation(),
                item.binding().model(),
                item.binding().origin(),
                label.tag(),
                label.frozen() ? 1 : 0,
                item.priority(),
                item.state().name(),
                label.grade() < 0 ? null : label.grade(),
                now.toEpochMilli(),
                item.state() == ReviewState.DONE ? now.toEpochMilli() : null
            });
        }
        sql.inTransaction(transaction -> {
            transaction.updateAll(
                    "INSERT INTO review_item (item_id, tenant, collection, query_key, query_sealed, asked_at, document_id,"
                            + " passage_id, revision, extracted, passages, text_sealed, generation, model, origin, tag,"
                            + " frozen, priority, state, grade, opened_at, closed_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (item_id) DO NOTHING",
                    rows);
            return null;
        });
    }

    /** With all that was said of them. */
    void remove(List<String> items) {
        List<Object[]> rows = items.stream().map(item -> new Object[] {item}).toList();
        sql.inTransaction(transaction -> {
            transaction.updateAll("DELETE FROM judgement WHERE item_id = ?", rows);
            transaction.updateAll("DELETE FROM review_assignment WHERE item_id = ?", rows);
            transaction.updateAll("DELETE FROM review_item WHERE item_id = ?", rows);
            return null;
        });
    }

    Optional<Item> item(CollectionKey collection, String itemId) {
        return sql.first(
                "SELECT * FROM review_item WHERE item_id = ? AND tenant = ? AND collection = ?",
                this::read,
                itemId,
                collection.tenant().value(),
                collection.collection().value());
    }

    List<Item> inState(CollectionKey collection, ReviewState state) {
        return sql.query(
                "SELECT * FROM review_item WHERE tenant = ? AND collection = ? AND state = ? ORDER BY item_id",
                this::read,
                collection.tenant().value(),
                collection.collection().value(),
                state.name());
    }

    /** @param priorities of queries that may wait, by their keys */
    void order(CollectionKey collection, Map<String, Double> priorities) {
        List<Object[]> rows = new ArrayList<>();
        priorities.forEach((query, priority) -> rows.add(new Object[] {
            priority, collection.tenant().value(), collection.collection().value(), query, priority
        }));
        if (!rows.isEmpty()) {
            sql.inTransaction(transaction -> {
                transaction.updateAll(
                        "UPDATE review_item SET priority = ? WHERE tenant = ? AND collection = ? AND query_key = ?"
                                + " AND state IN ('OPEN', 'ADJUDICATE') AND priority <> ?",
                        rows);
                return null;
            });
        }
    }

    List<CollectionKey> judgedCollections() {
        return sql.query(
                "SELECT DISTINCT tenant, collection FROM review_item WHERE state = 'DONE'",
                row -> CollectionKey.of(row.getString(1), row.getString(2)));
    }

    /** Queries that wait for grades. */
    int waitingQueries(CollectionKey collection) {
        return sql.first(
                        "SELECT COUNT(DISTINCT query_key) FROM review_item WHERE tenant = ? AND collection = ?"
                                + " AND state IN ('OPEN', 'ADJUDICATE')",
                        row -> row.getInt(1),
                        collection.tenant().value(),
                        collection.collection().value())
                .orElse(0);
    }

    /** Queries of which everything was graded, and nothing is relevant. */
    List<String> irrelevantQueries(CollectionKey collection) {
        return sql.query(
                "SELECT query_key FROM review_item WHERE tenant = ? AND collection = ? GROUP BY query_key"
                        + " HAVING MIN(CASE WHEN state = 'DONE' AND grade = 0 THEN 1 ELSE 0 END) = 1",
                row -> row.getString(1),
                collection.tenant().value(),
                collection.collection().value());
    }

    /** Queries that were ever put up. */
    List<String> queries(CollectionKey collection) {
        return sql.query(
                "SELECT DISTINCT query_key FROM review_item WHERE tenant = ? AND collection = ?",
                row -> row.getString(1),
                collection.tenant().value(),
                collection.collection().value());
    }

    /** What the reviewer has now and has not graded yet. */
    Optional<Item> assigned(CollectionKey collection, String reviewer, Instant now) {
        return sql.first(
                "SELECT i.* FROM review_item i JOIN review_assignment a ON a.item_id = i.item_id"
                        + " WHERE a.reviewer = ? AND a.due_at > ? AND i.tenant = ? AND i.collection = ?"
                        + " AND i.state IN ('OPEN', 'ADJUDICATE') ORDER BY i.item_id",
                this::read,
                reviewer,
                now.toEpochMilli(),
                collection.tenant().value(),
                collection.collection().value());
    }

    Optional<Instant> dueAt(String itemId, String reviewer, Instant now) {
        return sql.first(
                "SELECT due_at FROM review_assignment WHERE item_id = ? AND reviewer = ? AND due_at > ?",
                row -> Instant.ofEpochMilli(row.getLong(1)),
                itemId,
                reviewer,
                now.toEpochMilli());
    }

    /** Most urgent first: items that this reviewer may take, as far as others leave room. */
    List<Item> free(CollectionKey collection, String reviewer, Instant now) {
        return sql.query(
                "SELECT * FROM review_item i WHERE i.tenant = ? AND i.collection = ? AND " + ROOM
                        + " ORDER BY CASE i.state WHEN 'ADJUDICATE' THEN 0 ELSE 1 END, i.priority DESC, i.item_id LIMIT "
                        + LOOKED_AT,
                this::read,
                collection.tenant().value(),
                collection.collection().value(),
                reviewer,
                now.toEpochMilli(),
                reviewer);
    }

    /** Two reviewers for an open item, and one more where they differ; nobody says something twice. */
    private static final String ROOM = "i.state IN ('OPEN', 'ADJUDICATE')"
            + " AND NOT EXISTS (SELECT 1 FROM judgement j WHERE j.item_id = i.item_id AND j.reviewer = ?)"
            + " AND (SELECT COUNT(*) FROM judgement j WHERE j.item_id = i.item_id AND j.grade IS NOT NULL)"
            + " + (SELECT COUNT(*) FROM review_assignment a WHERE a.item_id = i.item_id AND a.due_at > ?"
            + " AND a.reviewer <> ?) < CASE i.state WHEN 'OPEN' THEN 2 ELSE 3 END";

    /** Whether there was still room. */
    boolean assign(String itemId, String reviewer, Instant now, Instant dueAt) {
        return sql.inTurn("review_assignment", transaction -> {
            boolean room = !transaction
                    .query(
                            "SELECT 1 FROM review_item i WHERE i.item_id = ? AND " + ROOM,
                            row -> row.getInt(1),
                            itemId,
                            reviewer,
                            now.toEpochMilli(),
                            reviewer)
                    .isEmpty();
            if (room) {
                transaction.update(
                        "INSERT INTO review_assignment (item_id, reviewer, due_at) VALUES (?, ?, ?)"
                                + " ON CONFLICT (item_id, reviewer) DO UPDATE SET due_at = excluded.due_at",
                        itemId,
                        reviewer,
                        dueAt.toEpochMilli());
            }
            return room;
        });
    }

    /** Removes an item from the queue whose text nobody can see any more. */
    void close(String itemId, Instant now) {
        sql.update(
                "UPDATE review_item SET state = 'SKIPPED', closed_at = ? WHERE item_id = ? AND state IN ('OPEN',"
                        + " 'ADJUDICATE')",
                now.toEpochMilli(),
                itemId);
    }

    /** What became of a judgement. */
    enum Kept {
        NEW,
        /** The reviewer had said the same before. */
        SAME,
        REFUSED
    }

    /**
     * Keeps what a reviewer says of an item that they have, and settles the item where that is enough.
     *
     * @param skip reason, where {@code grade} is null
     */
    Kept keep(String itemId, String reviewer, @Nullable Integer grade, @Nullable String skip, Instant now) {
        String sealed = skip == null ? null : seal(itemId, skip);
        return sql.inTurn("review_assignment", transaction -> {
            List<Said> before = transaction.query(
                    "SELECT item_id, grade, adjudication FROM judgement WHERE item_id = ? AND reviewer = ?",
                    ReviewStore::said,
                    itemId,
                    reviewer);
            if (!before.isEmpty()) {
                return Objects.equals(before.getFirst().grade(), grade) ? Kept.SAME : Kept.REFUSED;
            }
            List<String> states = transaction.query(
                    "SELECT i.state FROM review_item i JOIN review_assignment a ON a.item_id = i.item_id"
                            + " WHERE i.item_id = ? AND a.reviewer = ? AND a.due_at > ? AND i.state IN ('OPEN', 'ADJUDICATE')",
                    row -> row.getString(1),
                    itemId,
                    reviewer,
                    now.toEpochMilli());
            if (states.isEmpty()) {
                return Kept.REFUSED;
            }
            boolean adjudication = ReviewState.valueOf(states.getFirst()) == ReviewState.ADJUDICATE;
            transaction.update(
                    "INSERT INTO judgement (item_id, reviewer, grade, skip_sealed, adjudication, given_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    itemId,
                    reviewer,
                    grade,
                    sealed,
                    adjudication ? 1 : 0,
                    now.toEpochMilli());
            transaction.update("DELETE FROM review_assignment WHERE item_id = ? AND reviewer = ?", itemId, reviewer);
            settle(transaction, itemId, now);
            return Kept.NEW;
        });
    }

    private static void settle(Sql.Transaction transaction, String itemId, Instant now) throws SQLException {
        List<Said> all = transaction.query(
                "SELECT item_id, grade, adjudication FROM judgement WHERE item_id = ? ORDER BY given_at, reviewer",
                ReviewStore::said,
                itemId);
        List<Integer> grades = new ArrayList<>();
        Integer adjudicated = null;
        int skips = 0;
        for (Said said : all) {
            Integer grade = said.grade();
            if (grade == null) {
                skips++;
            } else if (said.adjudication()) {
                adjudicated = grade;
            } else {
                grades.add(grade);
            }
        }
        ReviewState.Settled settled = ReviewState.of(grades, adjudicated, skips);
        boolean ended = settled.state() == ReviewState.DONE || settled.state() == ReviewState.SKIPPED;
        transaction.update(
                "UPDATE review_item SET state = ?, grade = ?, closed_at = ? WHERE item_id = ?",
                settled.state().name(),
                settled.grade(),
                ended ? now.toEpochMilli() : null,
                itemId);
    }

    Map<ReviewState, Long> counts(CollectionKey collection) {
        Map<ReviewState, Long> counts = new EnumMap<>(ReviewState.class);
        for (ReviewState state : ReviewState.values()) {
            counts.put(state, 0L);
        }
        sql.query(
                        "SELECT state, COUNT(*) FROM review_item WHERE tenant = ? AND collection = ? GROUP BY state",
                        row -> Map.entry(ReviewState.valueOf(row.getString(1)), row.getLong(2)),
                        collection.tenant().value(),
                        collection.collection().value())
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    ReviewBacklog backlog() {
        Map<ReviewState, Long> items = new EnumMap<>(ReviewState.class);
        sql.query(
                        "SELECT state, COUNT(*) FROM review_item GROUP BY state",
                        row -> Map.entry(ReviewState.valueOf(row.getString(1)), row.getLong(2)))
                .forEach(entry -> items.put(entry.getKey(), entry.getValue()));
        Instant idle = sql
                .query(
                        "SELECT tenant, collection, MIN(opened_at) FROM review_item WHERE state IN ('OPEN', 'ADJUDICATE')"
                                + " GROUP BY tenant, collection",
                        row -> Map.entry(
                                CollectionKey.of(row.getString(1), row.getString(2)),
                                Instant.ofEpochMilli(row.getLong(3))))
                .stream()
                .map(waiting -> later(waiting.getValue(), lastSaid(waiting.getKey())))
                .min(Comparator.naturalOrder())
                .orElse(null);
        return new ReviewBacklog(items, idle);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Epoch where nobody has said anything. */
    private Instant lastSaid(CollectionKey collection) {
        return sql.first(
                        "SELECT MAX(j.given_at) FROM judgement j JOIN review_item i ON i.item_id = j.item_id"
                                + " WHERE i.tenant = ? AND i.collection = ?",
                        row -> Instant.ofEpochMilli(row.getLong(1)),
                        collection.tenant().value(),
                        collection.collection().value())
                .orElse(Instant.EPOCH);
    }

    long judgedQueries(CollectionKey collection) {
        return sql.first(
                        "SELECT COUNT(DISTINCT query_key) FROM review_item WHERE tenant = ? AND collection = ?"
                                + " AND state = 'DONE'",
                        row -> row.getLong(1),
                        collection.tenant().value(),
                        collection.collection().value())
                .orElse(0L);
    }

    List<Said> said(CollectionKey collection) {
        return sql.query(
                "SELECT j.item_id, j.grade, j.adjudication FROM judgement j JOIN review_item i ON i.item_id = j.item_id"
                        + " WHERE i.tenant = ? AND i.collection = ?",
                ReviewStore::said,
                collection.tenant().value(),
                collection.collection().value());
    }

    private static Said said(ResultSet row) throws SQLException {
        int grade = row.getInt(2);
        @Nullable Integer value = row.wasNull() ? null : grade;
        return new Said(row.getString(1), value, row.getInt(3) == 1);
    }

    private Item read(ResultSet row) throws SQLException {
        String itemId = row.getString("item_id");
        String extracted = row.getString("extracted");
        String passages = row.getString("passages");
        String text = row.getString("text_sealed");
        int grade = row.getInt("grade");
        if (row.wasNull()) {
            grade = -1;
        }
        DocumentKey document =
                DocumentKey.of(row.getString("tenant"), row.getString("collection"), row.getString("document_id"));
        PassageTexts.Place place = new PassageTexts.Place(
                document,
                new PassageId(row.getString("passage_id")),
                extracted == null ? null : new ContentHash(extracted),
                passages == null ? null : new ContentHash(passages));
        GradedPassage label = new GradedPassage(
                row.getString("query_key"),
                open(itemId, row.getString("query_sealed")),
                Instant.ofEpochMilli(row.getLong("asked_at")),
                place,
                row.getLong("revision"),
                text == null ? null : open(itemId, text),
                grade,
                row.getString("tag"),
                row.getInt("frozen") == 1);
        return new Item(
                itemId,
                label,
                new Binding(row.getString("generation"), row.getString("model"), row.getString("origin")),
                ReviewState.valueOf(row.getString("state")),
                row.getDouble("priority"));
    }

    private String seal(String itemId, String text) {
        return Base64.getEncoder().encodeToString(cipher.seal(text.getBytes(UTF_8), itemId.getBytes(UTF_8)));
    }

    private String open(String itemId, String sealed) {
        return new String(cipher.open(Base64.getDecoder().decode(sealed), itemId.getBytes(UTF_8)), UTF_8);
    }
}
