package io.palimpsest.index.manifest;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationState;
import io.palimpsest.index.generation.GenerationTable;
import io.palimpsest.platform.lease.Lease;
import io.palimpsest.platform.lease.Leases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Makes manifests when they are due: see {@link DueManifests}. Of several processes one makes each. What somebody waits for, which is
 * what was asked for and what is ready or being dropped, is looked at each second with one query; the rest now and then.
 *
 * <p>Threading: one thread of its own. Failure: is logged, and tried again after a minute.
 */
public final class ManifestWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** Between two looks at everything, where manifests are not made more often than that. */
    private static final Duration FULL_LOOK = Duration.ofSeconds(15);

    private static final Duration TIDY = Duration.ofHours(1);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Duration CLOSING = Duration.ofSeconds(30);

    private final Manifests manifests;
    private final GenerationTable generations;
    private final DueManifests due;
    private final Leases leases;
    private final InstantSource clock;
    private final Duration fullLook;
    private final Set<GenerationId> asked = ConcurrentHashMap.newKeySet();
    private final Map<GenerationId, Instant> looked = new ConcurrentHashMap<>();
    private final Map<GenerationId, Instant> failed = new ConcurrentHashMap<>();
    private final Set<GenerationId> unreadable = ConcurrentHashMap.newKeySet();
    private final Map<GenerationId, GenerationState> settled = new HashMap<>();
    private Instant lookedAtAll = Instant.EPOCH;
    private Instant tidied = Instant.EPOCH;
    private boolean swept;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().daemon().name("manifests").unstarted(this::runUntilClosed);

    public ManifestWatch(Manifests manifests, GenerationTable generations, ManifestParts parts, Leases leases) {
        this.manifests = manifests;
        this.generations = generations;
        Duration every = parts.settings().every();
        this.due = new DueManifests(manifests.table(), generations, every);
        this.fullLook = every.isZero() || every.compareTo(FULL_LOOK) > 0 ? FULL_LOOK : every;
        this.leases = leases;
        this.clock = parts.clock();
    }

    public ManifestWatch start() {
        thread.start();
        return this;
    }

    /**
     * One is made as soon as may be, changed or not, of what is there now or later: what is being made does not count.
     *
     * @return when it was asked for, by this process's clock; the manifest's time is not before it
     */
    public Instant ask(GenerationId generation) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        asked.add(generation);
        failed.remove(generation);
        return now;
    }

    /** Whether nothing more is to be read in a generation that is being dropped. */
    boolean isDone(GenerationRow dropping) {
        return unreadable.contains(dropping.id())
                || due.of(dropping, looked(dropping), clock.instant()).isEmpty();
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void runUntilClosed() {
        while (!isClosing()) {
            try {
                look();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) { // it would end the thread
                warning(e).log("manifests could not be looked after; tried again");
            }
            pause();
        }
    }

    /** One round. */
    void look() throws InterruptedException {
        Instant now = clock.instant();
        if (!swept) {
            swept = true; // where it fails, the next start does it
            manifests.sweep();
        }
        List<GenerationRow> rows = generations.all();
        boolean everything = !lookedAtAll.plus(fullLook).isAfter(now);
        if (everything) {
            lookedAtAll = now;
        }
        for (GenerationRow row : rows) {
            if (everything || isWaitedFor(row)) {
                lookAlone(row);
            }
        }
        if (everything) {
            manifests.tellUntold();
            tidyAt(now, rows);
        }
    }

    private void tidyAt(Instant now, List<GenerationRow> rows) {
        if (!tidied.plus(TIDY).isAfter(now)) {
            manifests.tidy(rows);
            tidied = now;
        }
    }

    private boolean isWaitedFor(GenerationRow row) {
        boolean mayBeDue = row.state() == GenerationState.READY || row.state() == GenerationState.DROPPING;
        return asked.contains(row.id()) || (mayBeDue && settled.get(row.id()) != row.state());
    }

    /** Whatever is wrong with it, the others are looked at. */
    private void lookAlone(GenerationRow row) throws InterruptedException {
        try {
            look(row);
        } catch (RuntimeException e) {
            failed.put(row.id(), clock.instant());
            warning(e).log("the manifests of generation {} could not be looked after; tried again", row.id());
        }
    }

    private static LoggingEventBuilder warning(RuntimeException e) {
        ErrorCode code = e instanceof PalimpsestException ours ? ours.code() : ErrorCode.INTERNAL;
        return LOG.atWarn().addKeyValue("errorCode", code.id()).setCause(e);
    }

    private void pause() {
        try {
            boolean unused = closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    private void look(GenerationRow row) throws InterruptedException {
        Instant now = clock.instant();
        Instant failure = failed.get(row.id());
        if (isClosing() || (failure != null && failure.plus(AFTER_FAILURE).isAfter(now))) {
            return;
        }
        if (row.state() == GenerationState.DROPPING) {
            asked.remove(row.id());
        }
        Optional<DueManifests.Due> found = asked.contains(row.id())
                ? Optional.of(new DueManifests.Due(ManifestRow.Reason.ASKED, true))
                : due.of(row, looked(row), now);
        if (found.isPresent()) {
            make(row, found.get(), now);
        } else {
            settled.put(row.id(), row.state());
        }
    }

    private Instant looked(GenerationRow row) {
        return looked.getOrDefault(row.id(), Instant.MIN);
    }

    private void make(GenerationRow row, DueManifests.Due what, Instant now) throws InterruptedException {
        Optional<Lease> lease = leases.take("manifest/" + row.id(), "", lost -> {});
        if (lease.isEmpty()) {
            return; // another process makes it
        }
        boolean wasAsked = asked.remove(row.id()); // who asks from here on gets another
        try (Lease held = lease.get()) {
            Optional<ManifestRow> made =
                    manifests.make(row, what.reason(), what.always(), () -> isClosing() || !held.isHeld());
            if (wasAsked && made.isEmpty()) { // stopped
                asked.add(row.id());
            }
            if (!isClosing()) {
                looked.put(row.id(), now);
                failed.remove(row.id());
            }
            made.ifPresent(manifest -> LOG.atInfo().log(
                    "manifest of generation {}: {} passages, {}", row.id(), manifest.size(), manifest.reason()));
        } catch (RuntimeException e) {
            failed.put(row.id(), now);
            if (wasAsked) {
                asked.add(row.id());
            }
            if (row.state() == GenerationState.DROPPING) { // what failed before may well be read now
                unreadable.add(row.id());
            }
            warning(e).log("the manifest of generation {} could not be made; tried again", row.id());
        }
    }

    /** What is being made is let go. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSING.toMillis()); // never interrupted: that would close the index's files under its hands
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
