package io.palimpsest.platform.database;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.platform.telemetry.Health;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a database's answers tell of it: whether it answers, and whether it takes writes. Each trouble is logged when it begins
 * and when it ends.
 *
 * <p>Threading: safe.
 */
final class Standing {
    private static final Logger LOG = LoggerFactory.getLogger(Standing.class);
    /** Arbitrary: on a full disk small writes may still fit between large ones that do not. */
    private static final Duration CALM = Duration.ofSeconds(5);

    private final String name;
    private final String kind;
    private final LongSupplier nanos;
    private final AtomicReference<@Nullable Absence> absence = new AtomicReference<>();
    private final AtomicReference<@Nullable RefusedWrite> refusedWrite = new AtomicReference<>();
    private volatile long heardAtNanos;

    private record Absence(Refusal why, long sinceNanos) {}

    /** @param untilNanos from when on a write that succeeds ends the trouble */
    private record RefusedWrite(Refusal why, long untilNanos) {}

    /**
     * @param name for the log, with its address
     * @param kind for anyone who asks for the state, without
     */
    Standing(String name, String kind, LongSupplier nanos) {
        this.name = name;
        this.kind = kind;
        this.nanos = nanos;
        this.heardAtNanos = nanos.getAsLong();
    }

    /** For how long it has not answered; zero where it does. */
    Duration absence() {
        Absence now = absence.get();
        return now == null ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - now.sinceNanos());
    }

    /** Why it did not answer; of no meaning where it does. */
    Refusal lastAbsence() {
        Absence now = absence.get();
        return now == null ? Refusal.SILENT : now.why();
    }

    /** How long ago it last answered, or was found not to. */
    Duration age() {
        return Duration.ofNanos(nanos.getAsLong() - heardAtNanos);
    }

    void silent(Refusal why, @Nullable String state) {
        long now = nanos.getAsLong();
        heardAtNanos = now;
        Absence before = absence.getAndUpdate(known -> new Absence(why, known == null ? now : known.sinceNanos()));
        if (before == null || before.why() != why) {
            warn(why, state);
        }
    }

    void answered() {
        heardAtNanos = nanos.getAsLong();
        if (absence.get() != null && absence.getAndSet(null) != null) {
            LOG.atInfo().log("{} answers again", name);
        }
    }

    /** A write failed. Where the connection broke, the next one that succeeds ends the trouble. */
    void refusedWrite(Refusal why, @Nullable String state) {
        if (!why.isOfWritesOnly() && why != Refusal.SILENT) {
            return;
        }
        long until = nanos.getAsLong() + (why == Refusal.SILENT ? 0 : CALM.toNanos());
        RefusedWrite before = refusedWrite.getAndSet(new RefusedWrite(why, until));
        if (why.isOfWritesOnly() && (before == null || before.why() != why)) {
            warn(why, state);
        }
    }

    void wrote() {
        RefusedWrite refused = refusedWrite.get();
        if (refused != null
                && nanos.getAsLong() - refused.untilNanos() >= 0
                && refusedWrite.compareAndSet(refused, null)
                && refused.why().isOfWritesOnly()) {
            LOG.atInfo().log("{} takes writes again", name);
        }
    }

    boolean refusesWrites() {
        return refusedWrite.get() != null;
    }

    /** As it answered last; asks nothing. */
    Health.State state() {
        Absence away = absence.get();
        if (away != null) {
            return down(away.why());
        }
        RefusedWrite refused = refusedWrite.get();
        return refused == null ? Health.State.up() : down(refused.why());
    }

    private Health.State down(Refusal why) {
        return Health.State.down(kind + " " + why.advice());
    }

    private void warn(Refusal why, @Nullable String state) {
        LOG.atWarn()
                .addKeyValue("errorCode", ErrorCode.DATABASE_FAILED.id())
                .log("{} {} ({})", name, why.advice(), state);
    }
}
