package io.palimpsest.ingest.timeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.ingest.timeline.Pace.Paces;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the flow that add up at any time (law 1): {@code received = accepted + duplicates + stale + deadLettered +
 * inFlight.gate} and {@code accepted = indexed + superseded + deleted + quarantined + empty + the rest of inFlight}.
 *
 * <p>Threading: safe. Failure: DATABASE_FAILED.
 */
public final class FlowStatus {
    private static final String COUNTS = "SELECT * FROM change_count WHERE tenant = ? AND changes > 0";

    private static final String OLDEST = """
            SELECT collection, state, MIN(received_at) AS oldest FROM document_change
            WHERE tenant = ? AND open = 1 AND received_at IS NOT NULL GROUP BY collection, state
            """;

    private static final String LETTERS = """
            SELECT COALESCE(collection, '') AS collection, COUNT(*) AS n FROM dead_letter d
            WHERE tenant = ? AND (change_id IS NULL
                OR NOT EXISTS (SELECT 1 FROM document_change c WHERE c.change_id = d.change_id))
            GROUP BY collection
            """;

    private final Sql sql;
    private final Clock clock;
    private final Instant started;

    /** The pace is measured from now on at the earliest. */
    public FlowStatus(Sql sql, Clock clock) {
        this(sql, clock, clock.instant());
    }

    FlowStatus(Sql sql, Clock clock, Instant started) {
        this.sql = sql;
        this.clock = clock;
        this.started = started;
    }

    /** Where changes are that have not ended. */
    public record InFlight(long gate, long extract, long revise, long index) {
        @JsonProperty
        public long all() {
            return gate + extract + revise + index;
        }
    }

    /**
     * One set of counts.
     *
     * @param oldestMs per stage, milliseconds since the oldest change in it was received
     * @param etaMs until nothing is in flight, at the pace of lately; null when nothing moved
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Counts(
            long received,
            long accepted,
            long duplicates,
            long stale,
            long deadLettered,
            long extracted,
            long indexed,
            long superseded,
            long deleted,
            long quarantined,
            long empty,
            InFlight inFlight,
            long passagesEmbedded,
            long passagesReused,
            Map<String, Long> oldestMs,
            @Nullable Long etaMs) {}

    /** Of all collections that the caller may use, and of each. */
    public record Status(Counts total, Map<String, Counts> collections) {}

    public Status of(Caller caller) {
        Map<String, Tally> tallies = new TreeMap<>();
        Tally total = new Tally();
        for (CollectionRow row : sql.query(COUNTS, CollectionRow::read, Columns.of(caller.tenant()))) {
            if (caller.mayUse(new CollectionId(row.collection()))) {
                tallies.computeIfAbsent(row.collection(), name -> new Tally()).add(row);
                total.add(row);
            }
        }
        for (OldestRow row : sql.query(OLDEST, OldestRow::read, Columns.of(caller.tenant()))) {
            Tally tally = tallies.get(row.collection());
            if (tally != null) {
                tally.add(row);
                total.add(row);
            }
        }
        for (CollectionCount row : sql.query(LETTERS, CollectionCount::read, Columns.of(caller.tenant()))) {
            if (row.collection().isEmpty() || mayUse(caller, row.collection())) {
                total.letters += row.count();
                Tally tally = tallies.get(row.collection());
                if (tally != null) {
                    tally.letters += row.count();
                }
            }
        }
        Instant now = clock.instant();
        Paces paces = new Paces(sql, caller.tenant(), started, now);
        Map<String, Counts> collections = new TreeMap<>();
        tallies.forEach((name, tally) -> collections.put(name, tally.counts(now, paces.of(Set.of(name)))));
        return new Status(total.counts(now, paces.of(tallies.keySet())), collections);
    }

    /** Of all tenants: time since the oldest change that waits for extraction was received; zero when none waits. */
    public Duration oldestExtraction() {
        long oldest = sql.first(
                        "SELECT COALESCE(MIN(received_at), 0) FROM document_change WHERE open = 1 AND state = 'ACCEPTED'",
                        row -> row.getLong(1))
                .orElse(0L);
        Duration age = oldest == 0 ? Duration.ZERO : Duration.between(Instant.ofEpochMilli(oldest), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** Of all tenants: revisions that are made and not in the index yet. */
    public long revisionsToIndex() {
        return sql.first(
                        "SELECT COUNT(*) FROM document_change WHERE open = 1 AND state = 'REVISED'",
                        row -> row.getLong(1))
                .orElse(0L);
    }

    private static boolean mayUse(Caller caller, String collection) {
        try {
            return caller.mayUse(new CollectionId(collection));
        } catch (IllegalArgumentException e) {
            return caller.everyCollection(); // the refused event named something that is no collection
        }
    }

    private record CollectionCount(String collection, long count) {
        static CollectionCount read(ResultSet row) throws SQLException {
            return new CollectionCount(row.getString("collection"), row.getLong("n"));
        }
    }

    private record CollectionRow(String collection, ChangeState state, ChangeCount count) {
        static CollectionRow read(ResultSet row) throws SQLException {
            return new CollectionRow(
                    row.getString("collection"),
                    ChangeState.valueOf(row.getString("state")),
                    new ChangeCount(
                            row.getLong("changes"),
                            row.getLong("duplicates"),
                            row.getLong("arrivals"),
                            row.getLong("firsts"),
                            row.getLong("extracted"),
                            row.getLong("embedded"),
                            row.getLong("reused")));
        }
    }

    private record OldestRow(String collection, ChangeState state, Instant oldest) {
        static OldestRow read(ResultSet row) throws SQLException {
            return new OldestRow(
                    row.getString("collection"),
                    ChangeState.valueOf(row.getString("state")),
                    Instant.ofEpochMilli(row.getLong("oldest")));
        }
    }

    /** Adds rows up. */
    private static final class Tally {
        private final Map<ChangeState, Long> counts = new EnumMap<>(ChangeState.class);
        private final Map<ChangeState, Instant> oldest = new EnumMap<>(ChangeState.class);
        private ChangeCount sum = ChangeCount.NONE;
        private long letters;

        void add(CollectionRow row) {
            boolean countsDeliveries = row.state() == ChangeState.STALE
                    || row.state() == ChangeState.DEAD_LETTERED
                    || row.state() == ChangeState.RECEIVED;
            counts.merge(
                    row.state(),
                    countsDeliveries ? row.count().firsts() : row.count().changes(),
                    Long::sum);
            sum = sum.plus(row.count());
        }

        void add(OldestRow row) {
            oldest.merge(row.state(), row.oldest(), (a, b) -> a.isBefore(b) ? a : b);
        }

        Counts counts(Instant now, @Nullable Pace pace) {
            long received = sum.arrivals() + letters;
            long dead = of(ChangeState.DEAD_LETTERED) + letters;
            long accepted = 0;
            for (ChangeState state : List.of(
                    ChangeState.ACCEPTED,
                    ChangeState.EXTRACTED,
                    ChangeState.REVISED,
                    ChangeState.INDEXED,
                    ChangeState.SUPERSEDED,
                    ChangeState.DELETED,
                    ChangeState.QUARANTINED,
                    ChangeState.EMPTY)) {
                accepted += of(state);
            }
            // What is left is at the gate: changes not decided on, and repetitions not yet recognised as such.
            long gate = received - sum.duplicates() - of(ChangeState.STALE) - dead - accepted;
            InFlight inFlight =
                    new InFlight(gate, of(ChangeState.ACCEPTED), of(ChangeState.EXTRACTED), of(ChangeState.REVISED));
            return new Counts(
                    received,
                    accepted,
                    sum.duplicates(),
                    of(ChangeState.STALE),
                    dead,
                    sum.extracted(),
                    of(ChangeState.INDEXED),
                    of(ChangeState.SUPERSEDED),
                    of(ChangeState.DELETED),
                    of(ChangeState.QUARANTINED),
                    of(ChangeState.EMPTY),
                    inFlight,
                    sum.embedded(),
                    sum.reused(),
                    ages(now),
                    eta(inFlight.all(), pace));
        }

        private Map<String, Long> ages(Instant now) {
            Map<String, Long> ages = new TreeMap<>();
            oldest.forEach((state, at) -> {
                if (state.inFlight()) {
                    ages.put(stage(state), Math.max(0, Duration.between(at, now).toMillis()));
                }
            });
            return ages;
        }

        private static String stage(ChangeState state) {
            return switch (state) {
                case RECEIVED -> "gate";
                case ACCEPTED -> "extract";
                case EXTRACTED -> "revise";
                case REVISED -> "index";
                case INDEXED, SUPERSEDED, DELETED, QUARANTINED, EMPTY, STALE, DEAD_LETTERED -> "ended";
            };
        }

        private static @Nullable Long eta(long inFlight, @Nullable Pace pace) {
            if (inFlight == 0) {
                return 0L;
            }
            return pace == null ? null : pace.millisFor(inFlight);
        }

        private long of(ChangeState state) {
            return counts.getOrDefault(state, 0L);
        }
    }
}
