package io.palimpsest.platform.lease;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.database.Sql;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names that this process holds in the table {@code lease}, renewed until they are let go. No clocks are compared: a
 * holder lives as long as its count of renewals moves, and who wants its name watches that count.
 *
 * <p>Threading: safe; one thread of its own renews. Ordering: the process that held a name before a kill takes it back at
 * once; another one after {@link Pace#expiry}. Failure: DATABASE_FAILED; while the database is away nobody takes a name.
 */
public final class Leases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Sql sql;
    private final String holder;
    private final Pace pace;
    private final String session = UUID.randomUUID().toString();
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("leases").factory());

    /**
     * How often a name is renewed, and how long its count may stand still.
     *
     * @param expiry several renewals
     */
    public record Pace(Duration renewal, Duration expiry) {
        /** A restart without its data directory waits this long; a pause of the whole process may last as long. */
        public static final Pace NORMAL = new Pace(Duration.ofSeconds(2), Duration.ofSeconds(10));
    }

    private record Held(Lease lease, Consumer<Lease> lost) {}

    private record Row(String holder, String session, String note, long beat) {}

    /**
     * @param holder the same after each restart, and nobody else's: whoever has it takes its own names back at once
     */
    public Leases(Sql sql, String holder, Pace pace) {
        this.sql = sql;
        this.holder = holder;
        this.pace = pace;
        long millis = pace.renewal().toMillis();
        ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(this::renewAll, millis, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Takes a name, waiting for a holder that may have died.
     *
     * @param note what others may want to know of the holder
     * @param lost told once, when another process has taken the name
     * @return empty when its holder is alive
     */
    public Optional<Lease> take(String name, String note, Consumer<Lease> lost) throws InterruptedException {
        Watch watch = new Watch();
        while (true) {
            int made = sql.update(
                    "INSERT INTO lease (name, holder, session, note, beat) VALUES (?, ?, ?, ?, 0)"
                            + " ON CONFLICT (name) DO NOTHING",
                    name,
                    holder,
                    session,
                    note);
            Row row = made == 1 ? null : row(name);
            if (made == 1 || (row != null && row.session().equals(session))) {
                return Optional.of(hold(name, lost));
            }
            if (row != null && (row.holder().equals(holder) || watch.isDead(row)) && replace(name, row, note)) {
                return Optional.of(hold(name, lost));
            }
            if (watch.isAlive()) {
                return Optional.empty();
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    /**
     * The living holder of another name under this prefix whose note differs; the dead are removed. Waits until each is
     * known to live or not.
     */
    public Optional<String> differing(String prefix, String note) throws InterruptedException {
        Map<String, Watch> watched = new HashMap<>();
        while (true) {
            boolean undecided = false;
            for (String name : sql.query(
                    "SELECT name FROM lease WHERE note <> ? AND session <> ?",
                    row -> row.getString(1),
                    note,
                    session)) {
                Row row = name.startsWith(prefix) ? row(name) : null;
                if (row == null || row.note().equals(note)) {
                    continue;
                }
                Watch watch = watched.computeIfAbsent(name, key -> new Watch());
                if (watch.isDead(row)) {
                    sql.update("DELETE FROM lease WHERE name = ? AND session = ?", name, row.session());
                } else if (watch.isAlive()) {
                    return Optional.of(name);
                } else {
                    undecided = true;
                }
            }
            if (!undecided) {
                return Optional.empty();
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    /** Lets everything go. */
    @Override
    public void close() {
        timer.shutdownNow();
        held.values().forEach(each -> each.lease().close());
    }

    void release(Lease lease) {
        if (held.remove(lease.name()) == null) {
            return;
        }
        try {
            sql.update("DELETE FROM lease WHERE name = ? AND session = ?", lease.name(), session);
        } catch (PalimpsestException e) {
            LOG.atWarn().addKeyValue("errorCode", e.code().id()).log("a name was not let go: it expires by itself");
        }
    }

    private Lease hold(String name, Consumer<Lease> lost) {
        Lease lease = new Lease(this, name);
        held.put(name, new Held(lease, lost));
        return lease;
    }

    private @Nullable Row row(String name) {
        return sql.first(
                        "SELECT holder, session, note, beat FROM lease WHERE name = ?",
                        row -> new Row(row.getString(1), row.getString(2), row.getString(3), row.getLong(4)),
                        name)
                .orElse(null);
    }

    /** Only if nobody else did, and the holder has not moved. */
    private boolean replace(String name, Row row, String note) {
        sql.update(
                "UPDATE lease SET holder = ?, session = ?, note = ?, beat = 0 WHERE name = ? AND session = ? AND beat = ?",
                holder,
                session,
                note,
                name,
                row.session(),
                row.beat());
        Row now = row(name); // an update that was sent twice says nothing
        return now != null && now.session().equals(session);
    }

    private void renewAll() {
        held.forEach((name, each) -> {
            try {
                if (sql.update("UPDATE lease SET beat = beat + 1 WHERE name = ? AND session = ?", name, session) == 0
                        && held.remove(name) != null) {
                    each.lease().lost();
                    each.lost().accept(each.lease());
                }
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("a name was not renewed; tried again");
            }
        });
    }

    /** Whether a holder lives, from looks at its row. */
    private final class Watch {
        private @Nullable Row first;
        private long sinceNanos;
        private boolean moved;

        /** Also takes note of the row. */
        boolean isDead(Row row) {
            if (first == null || !first.session().equals(row.session())) {
                first = row;
                sinceNanos = System.nanoTime();
            }
            moved = row.beat() != first.beat();
            return !moved && System.nanoTime() - sinceNanos >= pace.expiry().toNanos();
        }

        boolean isAlive() {
            return moved;
        }
    }
}
