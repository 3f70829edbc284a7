package io.palimpsest.platform.erasure;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.database.Sql;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done by whom: rows that a workflow opens, and that whichever process reaches the store does. Needs no address and no
 * key of another service, and a kill forgets nothing.
 *
 * <p>Threading: safe, from several processes too. Ordering and idempotency: a task is opened once and done once; to do it twice is
 * harmless. Failure: DATABASE_FAILED.
 */
public final class ErasureTasks {
    private static final String TASKS =
            "SELECT erasure_id, store, place, act, round, state, result, error_code FROM erasure_task";

    private final Sql sql;
    private final InstantSource clock;

    public ErasureTasks(Sql sql, InstantSource clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** What is to be done. */
    public enum Act {
        FIND,
        ERASE,
        PROBE
    }

    /** A store, as its process has made it known. */
    public record Known(String store, String place, ErasableStore.Phase phase) {}

    /**
     * What is to be done, or was.
     *
     * @param result of {@link Act#ERASE}: {@link Removed}; of {@link Act#PROBE}: {@link ErasableStore.Probed}; null before
     * @param errorCode why the last try failed; null where none has
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Task(
            String erasureId,
            String store,
            String place,
            Act act,
            int round,
            boolean done,
            @Nullable String result,
            @Nullable String errorCode) {}

    record Removed(long removed) {}

    /** What a store says it removed; of a task that is done. */
    public static long removed(Task erase) {
        return Json.read(String.valueOf(erase.result()).getBytes(StandardCharsets.UTF_8), Removed.class)
                .removed();
    }

    /** An open task, with what it is about. */
    record Open(Task task, DocumentKey document) {}

    void know(ErasableStore store, String place) {
        sql.update(
                "INSERT INTO erasure_store (store, place, phase, covers, seen_at) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (store, place) DO UPDATE SET phase = excluded.phase, covers = excluded.covers,"
                        + " seen_at = excluded.seen_at",
                store.name(),
                place,
                store.phase().name(),
                Json.writeText(store.covers()),
                clock.millis());
    }

    /** All that processes have made known, in the order of their names. */
    public List<Known> known() {
        return sql.query(
                "SELECT store, place, phase FROM erasure_store ORDER BY store, place",
                row -> new Known(row.getString(1), row.getString(2), ErasableStore.Phase.valueOf(row.getString(3))));
    }

    public void open(String erasureId, List<Known> stores, Act act, int round) {
        List<Object[]> rows = stores.stream()
                .map(store -> new Object[] {erasureId, store.store(), store.place(), act.name(), round, "OPEN"})
                .toList();
        sql.inTransaction(transaction -> {
            transaction.updateAll(
                    "INSERT INTO erasure_task (erasure_id, store, place, act, round, state) VALUES (?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (erasure_id, store, place, act, round) DO NOTHING",
                    rows);
            return null;
        });
    }

    /** In the order of doing. */
    public List<Task> of(String erasureId) {
        return sql.query(
                TASKS + " WHERE erasure_id = ? ORDER BY CASE WHEN done_at IS NULL THEN 1 ELSE 0 END, done_at, store,"
                        + " place, act, round",
                row -> new Task(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        Act.valueOf(row.getString(4)),
                        row.getInt(5),
                        row.getString(6).equals("DONE"),
                        row.getString(7),
                        row.getString(8)),
                erasureId);
    }

    List<Open> open() {
        return sql.query(
                "SELECT t.erasure_id, t.store, t.place, t.act, t.round, t.error_code, e.tenant, e.collection, e.document_id"
                        + " FROM erasure_task t JOIN erasure e ON e.erasure_id = t.erasure_id"
                        + " WHERE t.state = 'OPEN' AND e.document_id IS NOT NULL",
                row -> {
                    CollectionKey collection = CollectionKey.of(row.getString(7), row.getString(8));
                    return new Open(
                            new Task(
                                    row.getString(1),
                                    row.getString(2),
                                    row.getString(3),
                                    Act.valueOf(row.getString(4)),
                                    row.getInt(5),
                                    false,
                                    null,
                                    row.getString(6)),
                            new DocumentKey(
                                    collection.tenant(), collection.collection(), new DocumentId(row.getString(9))));
                });
    }

    void done(Task task, Object result) {
        sql.update(
                "UPDATE erasure_task SET state = 'DONE', result = ?, error_code = NULL, done_at = ? WHERE erasure_id = ?"
                        + " AND store = ? AND place = ? AND act = ? AND round = ? AND state = 'OPEN'",
                Json.writeText(result),
                clock.millis(),
                task.erasureId(),
                task.store(),
                task.place(),
                task.act().name(),
                task.round());
    }

    void failed(Task task, String errorCode) {
        sql.update(
                "UPDATE erasure_task SET error_code = ? WHERE erasure_id = ? AND store = ? AND place = ? AND act = ?"
                        + " AND round = ? AND state = 'OPEN'",
                errorCode,
                task.erasureId(),
                task.store(),
                task.place(),
                task.act().name(),
                task.round());
    }

    Erasing erasing(Open open) {
        String id = open.task().erasureId();
        return new Erasing(id, open.document(), open.task().round(), (name, first) -> remember(id, name, first));
    }

    private List<String> remember(String id, String name, Supplier<List<String>> first) {
        Optional<List<String>> before = note(id, name);
        if (before.isPresent()) {
            return before.get();
        }
        sql.update(
                "INSERT INTO erasure_note (erasure_id, name, note) VALUES (?, ?, ?) ON CONFLICT (erasure_id, name)"
                        + " DO NOTHING",
                id,
                name,
                Json.writeText(new ArrayList<>(first.get())));
        return note(id, name).orElseThrow();
    }

    private Optional<List<String>> note(String id, String name) {
        return sql.first(
                "SELECT note FROM erasure_note WHERE erasure_id = ? AND name = ?",
                row -> List.of(Json.read(row.getString(1).getBytes(StandardCharsets.UTF_8), String[].class)),
                id,
                name);
    }
}
