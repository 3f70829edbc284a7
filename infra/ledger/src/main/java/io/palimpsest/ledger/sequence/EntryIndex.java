package io.palimpsest.ledger.sequence;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.ledger.log.TransparencyLog;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where in the log an entry is: the tables {@code ledger_entry} and {@code ledger_head}. What is here can be made anew from the
 * log, which alone says what an entry is.
 *
 * <p>Threading: one writer. Failure: DATABASE_FAILED; LEDGER_DAMAGED when the log has less, or other entries, than were here.
 */
public final class EntryIndex {
    private static final int AT_ONCE = 2_000;
    private static final int LOOKED_UP = 500;

    private final Sql sql;
    private final TransparencyLog log;
    private final Clock clock;

    public EntryIndex(Sql sql, TransparencyLog log, Clock clock) {
        this.sql = sql;
        this.log = log;
        this.clock = clock;
    }

    private record Known(long treeSize, Hash root) {}

    /** Adds what the log has and this has not; compares the log with the newest checkpoint that was here. */
    public void catchUp() {
        Checkpoint head = log.head().checkpoint();
        Optional<Known> known = sql.first(
                "SELECT tree_size, root_hash FROM ledger_head WHERE origin = ?",
                row -> new Known(row.getLong(1), Hash.ofBase64(row.getString(2))),
                head.origin());
        long next = known.map(Known::treeSize).orElse(0L);
        if (next > head.treeSize()) {
            throw damaged("has " + head.treeSize() + " entries, and had " + next);
        }
        if (known.isPresent() && !log.tree().root(next).equals(known.get().root())) {
            throw damaged("had other entries when it had " + next);
        }
        while (next < head.treeSize()) {
            List<byte[]> leaves = log.entries(next, Math.min(head.treeSize(), next + AT_ONCE));
            add(next, leaves.stream().map(Leaf::parse).toList(), next + leaves.size());
            next += leaves.size();
        }
        completeIds();
    }

    /** Rows of an older version have only the beginning of the id. */
    private void completeIds() {
        long size = log.head().treeSize();
        for (Optional<Long> next = incomplete(); next.isPresent(); next = incomplete()) {
            long first = next.get();
            List<Object[]> rows = new ArrayList<>();
            for (byte[] entry : log.entries(first, Math.min(size, first + AT_ONCE))) {
                rows.add(new Object[] {Leaf.rest(Leaf.parse(entry).id()), first + rows.size()});
            }
            Object unused = sql.inTransaction(transaction -> {
                transaction.updateAll("UPDATE ledger_entry SET id_rest = ? WHERE leaf_index = ?", rows);
                return true;
            });
        }
    }

    private Optional<Long> incomplete() {
        return sql.first(
                "SELECT leaf_index FROM ledger_entry WHERE id_rest IS NULL ORDER BY leaf_index LIMIT 1",
                row -> row.getLong(1));
    }

    /** Which of these ids are in the log. */
    Set<String> known(Collection<String> ids) {
        Set<String> known = new HashSet<>();
        List<String> left = List.copyOf(ids);
        for (int from = 0; from < left.size(); from += LOOKED_UP) {
            List<String> some = left.subList(from, Math.min(left.size(), from + LOOKED_UP));
            String places = "?" + ", ?".repeat(some.size() - 1);
            Set<String> wanted = Set.copyOf(some);
            sql
                    .query(
                            "SELECT leaf_index FROM ledger_entry WHERE id_prefix IN (" + places + ")",
                            row -> row.getLong(1),
                            some.stream().map(Leaf::prefix).toArray())
                    .stream()
                    .map(index -> Leaf.parse(log.entry(index)).id())
                    .filter(wanted::contains)
                    .forEach(known::add);
        }
        return known;
    }

    /** Where the entry with this id may be: the entries there tell. */
    public static List<Long> places(Sql sql, String id) {
        return sql.query(
                "SELECT leaf_index FROM ledger_entry WHERE id_prefix = ? ORDER BY leaf_index",
                row -> row.getLong(1),
                Leaf.prefix(id));
    }

    /** The entry with this id. */
    public Optional<Found> find(String id) {
        return places(sql, id).stream()
                .map(this::found)
                .filter(found -> found.entry().id().equals(id))
                .findFirst();
    }

    /**
     * Entries about a subject, oldest first.
     *
     * @param subject its commitment in the log
     */
    public List<Found> about(Hash subject) {
        return sql
                .query(
                        "SELECT leaf_index FROM ledger_entry WHERE subject_prefix = ? ORDER BY leaf_index",
                        row -> row.getLong(1),
                        Leaf.prefix(subject.hex()))
                .stream()
                .map(this::found)
                .filter(found -> subject.hex().equals(found.entry().subject()))
                .toList();
    }

    /** An entry and its place in the log. */
    public record Found(long index, Leaf entry) {}

    /**
     * In the order of the log.
     *
     * @param scope its commitment in the log
     * @param until inclusive
     */
    public List<Found> of(Hash scope, Set<LedgerEntry.Type> types, Instant until) {
        List<@Nullable Object> arguments = new ArrayList<>();
        arguments.add(Leaf.prefix(scope.hex()));
        arguments.add(until.toEpochMilli());
        types.forEach(type -> arguments.add(type.name()));
        return sql
                .query(
                        "SELECT leaf_index FROM ledger_entry WHERE scope_prefix = ? AND at <= ? AND type IN (?"
                                + ", ?".repeat(types.size() - 1) + ") ORDER BY leaf_index",
                        row -> row.getLong(1),
                        arguments.toArray())
                .stream()
                .map(this::found)
                .filter(found -> found.entry().scope().equals(scope.hex()))
                .toList();
    }

    /**
     * The smallest range of the log that has all entries of a time.
     *
     * @param first inclusive
     * @param end exclusive
     */
    public record Range(long first, long end) {}

    /**
     * @param from inclusive
     * @param to exclusive
     */
    public Optional<Range> range(Instant from, Instant to) {
        return sql.first(
                        "SELECT min(leaf_index), max(leaf_index), count(*) FROM ledger_entry WHERE at >= ? AND at < ?",
                        row -> row.getLong(3) == 0
                                ? Optional.<Range>empty()
                                : Optional.of(new Range(row.getLong(1), row.getLong(2) + 1)),
                        from.toEpochMilli(),
                        to.toEpochMilli())
                .flatMap(range -> range);
    }

    private Found found(long index) {
        return new Found(index, Leaf.parse(log.entry(index)));
    }

    /** After they were appended. */
    void add(long first, List<Leaf> leaves, long treeSize) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Leaf leaf : leaves) {
            String subject = leaf.subject();
            rows.add(new @Nullable Object[] {
                first + rows.size(),
                Leaf.prefix(leaf.id()),
                Leaf.rest(leaf.id()),
                leaf.type().name(),
                leaf.at().toEpochMilli(),
                Leaf.prefix(leaf.scope()),
                subject == null ? null : Leaf.prefix(subject)
            });
        }
        String root = log.tree().root(treeSize).base64();
        String origin = log.head().checkpoint().origin();
        long now = clock.millis();
        sql.inTransaction(transaction -> {
            transaction.updateAll(
                    "INSERT INTO ledger_entry (leaf_index, id_prefix, id_rest, type, at, scope_prefix, subject_prefix)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (leaf_index) DO NOTHING",
                    rows);
            transaction.update(
                    "INSERT INTO ledger_head (origin, tree_size, root_hash, published_at) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (origin) DO UPDATE SET tree_size = excluded.tree_size,"
                            + " root_hash = excluded.root_hash, published_at = excluded.published_at",
                    origin,
                    treeSize,
                    root,
                    now);
            return null;
        });
    }

    private PalimpsestException damaged(String how) {
        return new PalimpsestException(
                ErrorCode.LEDGER_DAMAGED,
                "the log " + log.head().checkpoint().origin() + " " + how + ": its history was replaced");
    }
}
