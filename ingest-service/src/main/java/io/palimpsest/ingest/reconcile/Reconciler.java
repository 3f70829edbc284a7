package io.palimpsest.ingest.reconcile;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.quarantine.OperatorActs;
import io.palimpsest.ingest.reconcile.Difference.Kind;
import io.palimpsest.ingest.reconcile.Reconciliation.Report;
import io.palimpsest.ingest.reconcile.Reconciliation.State;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.lease.Lease;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.retry.BackOff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the comparisons that were asked for, one after the other, of the sources that are this process's.
 *
 * <p>Threading: one thread of its own between {@link #start} and {@link #close}. Ordering and idempotency: one process at a time
 * compares a source; what a killed one left is done again from its beginning, and finds only what is still to be done. Failure: what
 * may pass is tried again for {@link #PATIENCE}.
 */
public final class Reconciler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    /** After it an operator knows better; arbitrary. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final BackOff BACK_OFF = new BackOff(LOOK, Duration.ofMinutes(1));
    private static final int BATCH = 200;

    private final List<ReconcilableSource> sources;
    private final Reconciliations reconciliations;
    private final LedgerOfDocuments documents;
    private final Parts parts;
    private final Thread thread =
            Thread.ofPlatform().name("reconciler").daemon().unstarted(this::run);
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * What it stands on.
     *
     * @param followed everything that was received before this moment is in the ledger of documents
     */
    public record Parts(Sql sql, Leases leases, OperatorActs acts, Supplier<Instant> followed, InstantSource clock) {}

    public Reconciler(List<ReconcilableSource> sources, Reconciliations reconciliations, Parts parts) {
        this.sources = List.copyOf(sources);
        this.reconciliations = reconciliations;
        this.documents = new LedgerOfDocuments(parts.sql());
        this.parts = parts;
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            int failures = 0;
            Duration pause;
            do {
                failures = looked() ? 0 : failures + 1;
                pause = failures == 0 ? LOOK : BACK_OFF.after(failures);
            } while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean looked() throws InterruptedException {
        try {
            for (Reconciliation asked : reconciliations.unfinished()) {
                ReconcilableSource here = sources.stream()
                        .filter(source -> source.name().equals(asked.source())
                                && source.collection().equals(asked.collection()))
                        .findFirst()
                        .orElse(null);
                if (here != null && here.isHere()) {
                    inTurn(asked, here);
                } else if (isTooLate(asked)) {
                    reconciliations.end(asked.id(), State.FAILED, asked.report(), ErrorCode.RECONCILE_SOURCE_AWAY);
                }
            }
            return true;
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("comparisons of sources are looked at again");
            return false;
        }
    }

    private void inTurn(Reconciliation asked, ReconcilableSource source) throws InterruptedException {
        Optional<Lease> turn =
                parts.leases().take("reconcile/" + source.collection() + "/" + source.name(), "", lost -> {});
        if (turn.isEmpty()) {
            return;
        }
        try (Lease held = turn.get()) {
            Attempt attempt = new Attempt(asked, source);
            try {
                attempt.go();
            } catch (RuntimeException e) {
                failed(asked, attempt.report, e);
            }
        }
    }

    private void failed(Reconciliation asked, Report report, RuntimeException failure) {
        if (closing.getCount() == 0) {
            return; // the next process goes on
        }
        ErrorCode code = failure instanceof PalimpsestException known ? known.code() : ErrorCode.INTERNAL;
        LOG.atWarn().setCause(failure).addKeyValue("errorCode", code.id()).log("a comparison of a source stopped");
        if (code == ErrorCode.RECONCILE_CANCELLED) {
            reconciliations.end(asked.id(), State.CANCELLED, report, code);
        } else if (code.next() != NextAction.RETRY || isTooLate(asked)) {
            reconciliations.end(asked.id(), State.FAILED, report, code);
        } else {
            reconciliations.waits(asked.id(), code);
        }
    }

    private boolean isTooLate(Reconciliation asked) {
        return parts.clock().instant().isAfter(asked.askedAt().plus(PATIENCE));
    }

    /** One way through a comparison, from its beginning. */
    private final class Attempt {
        private final Reconciliation asked;
        private final ReconcilableSource source;
        private Report report = Report.EMPTY;
        private long toldNanos = System.nanoTime();

        Attempt(Reconciliation asked, ReconcilableSource source) {
            this.asked = asked;
            this.source = source;
        }

        void go() throws InterruptedException {
            progress(State.LISTING);
            Listed listed = source.list(count -> {
                if (System.nanoTime() - toldNanos > LOOK.toNanos()) {
                    report = report.withListed(count);
                    progress(State.LISTING);
                }
            });
            awaitLedger();
            Map<String, String> known = documents.of(source);
            Differences differences = Differences.between(
                    listed, known, ids -> documents.keptByOthers(source.collection(), source.eventSource(), ids));
            report = found(listed, known.size(), differences);
            if (asked.dryRun()) {
                end(State.DONE, null);
            } else if (report.heldDeletes() > 0) {
                end(State.REFUSED, ErrorCode.RECONCILE_DELETES_TOO_MUCH);
            } else {
                if (asked.allowDeletes() && !source.mayLose(report.gone(), report.known())) {
                    parts.acts().allowedDeletes(asked.askedBy(), asked.collection(), asked.id(), report.gone());
                }
                publish(differences.all());
                end(State.DONE, null);
            }
        }

        /** What is published and not read yet would look as if it were lost. */
        private void awaitLedger() throws InterruptedException {
            Instant listedAt = parts.clock().instant();
            long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
            while (parts.followed().get().isBefore(listedAt)) {
                if (System.nanoTime() > deadline) {
                    throw new PalimpsestException(
                            ErrorCode.RECONCILE_TIMELINE_BEHIND,
                            "the timeline has not read yet what was received before " + listedAt);
                }
                progress(State.LISTING);
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }

        private Report found(Listed listed, long known, Differences differences) {
            long gone = differences.count(Kind.GONE);
            boolean held = !asked.allowDeletes() && !source.mayLose(gone, known);
            return new Report(
                    listed.prints().size(),
                    known,
                    listed.passedOver(),
                    differences.count(Kind.MISSING),
                    differences.count(Kind.CHANGED),
                    gone,
                    0,
                    held ? gone : 0,
                    differences.examples());
        }

        private void publish(List<Difference> all) {
            for (int from = 0; from < all.size(); from += BATCH) {
                progress(State.PUBLISHING);
                List<Difference> some = all.subList(from, Math.min(all.size(), from + BATCH));
                report = report.withPublished(report.published() + source.retell(some));
            }
        }

        private void progress(State state) {
            toldNanos = System.nanoTime();
            if (closing.getCount() == 0 || reconciliations.isCancelled(asked.id())) {
                throw new PalimpsestException(ErrorCode.RECONCILE_CANCELLED, "reconciliation " + asked.id());
            }
            reconciliations.progress(asked.id(), state, report);
        }

        private void end(State state, @Nullable ErrorCode why) {
            reconciliations.end(asked.id(), state, report, why);
            LOG.atInfo().log(
                    "{} against our documents: {} missing, {} changed, {} gone; {} published{}",
                    source.name(),
                    report.missing(),
                    report.changed(),
                    report.gone(),
                    report.published(),
                    asked.dryRun() ? " (dry run)" : why == null ? "" : " (" + why.id() + ")");
        }
    }
}
