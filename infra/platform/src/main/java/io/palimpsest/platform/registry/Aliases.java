package io.palimpsest.platform.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What names pointed at, at any time, by the history of live generations: the same row that makes a generation live moves the aliases, so
 * the two cannot disagree.
 *
 * <ul>
 *   <li>{@code live}: the generation that searches read
 *   <li>{@code serving}: the model of its queries
 *   <li>{@code previous}: the generation that was live before it
 * </ul>
 *
 * <p>Threading: safe. Failure: DATABASE_FAILED.
 */
public final class Aliases {
    private final Sql sql;

    public Aliases(Sql sql) {
        this.sql = sql;
    }

    /**
     * A move of an alias.
     *
     * @param from null: it pointed at nothing
     * @param act FIRST, CONFIGURED, SWAP or ROLLBACK
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Move(
            CollectionKey collection,
            String alias,
            Instant at,
            @Nullable String from,
            String to,
            String act,
            String actor,
            @Nullable String reason) {}

    private record Row(
            CollectionKey collection,
            String generation,
            String model,
            Instant from,
            String act,
            String actor,
            @Nullable String reason) {}

    /** All moves, oldest first in each collection. */
    public List<Move> history() {
        Map<CollectionKey, Map<String, String>> now = new LinkedHashMap<>();
        List<Move> moves = new ArrayList<>();
        for (Row row : rows()) {
            Map<String, String> pointers = now.computeIfAbsent(row.collection(), key -> new LinkedHashMap<>());
            String before = pointers.get("live");
            move(row, pointers, "live", row.generation(), moves);
            move(row, pointers, "serving", row.model(), moves);
            if (before != null) {
                move(row, pointers, "previous", before, moves);
            }
        }
        return moves;
    }

    private static void move(Row row, Map<String, String> pointers, String alias, String to, List<Move> moves) {
        String from = pointers.put(alias, to);
        if (!Objects.equals(from, to)) {
            moves.add(new Move(row.collection(), alias, row.from(), from, to, row.act(), row.actor(), row.reason()));
        }
    }

    /** Of each alias the move that was the last one then; empty where nothing was live yet. */
    public List<Move> at(Instant moment) {
        Map<String, Move> last = new LinkedHashMap<>();
        for (Move move : history()) {
            if (!move.at().isAfter(moment)) {
                last.put(move.collection() + "\n" + move.alias(), move);
            }
        }
        return List.copyOf(last.values());
    }

    private List<Row> rows() {
        return sql.query(
                "SELECT tenant, collection, generation, model, live_from, act, actor, reason FROM generation_history"
                        + " ORDER BY tenant, collection, number",
                Aliases::row);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                CollectionKey.of(row.getString(1), row.getString(2)),
                row.getString(3),
                row.getString(4),
                Instant.ofEpochMilli(row.getLong(5)),
                row.getString(6),
                row.getString(7),
                row.getString(8));
    }
}
