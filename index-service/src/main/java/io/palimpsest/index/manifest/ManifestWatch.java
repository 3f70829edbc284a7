package io.palimpsest.index.manifest;

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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes manifests when they are due: see {@link DueManifests}. Of several processes one makes each.
 *
 * <p>Threading: one thread of its own. Failure: is logged, and tried again after a minute.
 */
public final class ManifestWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Duration CLOSING = Duration.ofSeconds(30);

    private final Manifests manifests;
    private final GenerationTable generations;
    private final DueManifests due;
    private final Leases leases;
    private final InstantSource clock;
    private final Set<GenerationId> asked = ConcurrentHashMap.newKeySet();
    private final Map<GenerationId, Instant> looked = new ConcurrentHashMap<>();
    private final Map<GenerationId, Instant> failed = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().daemon().name("manifests").unstarted(this::runUntilClosed);

    public ManifestWatch(Manifests manifests, GenerationTable generations, ManifestParts parts, Leases leases) {
        this.manifests = manifests;
        this.generations = generations;
        this.due = new DueManifests(
                manifests.table(), generations, parts.settings().every());
        this.leases = leases;
        this.clock = parts.clock();
    }

    public ManifestWatch start() {
        thread.start();
        return this;
    }

    /** One is made as soon as may be, changed or not. */
    public void ask(GenerationId generation) {
        asked.add(generation);
        failed.remove(generation);
    }

    /** Whether nothing more is to be read in a generation that is being dropped. */
    boolean isDone(GenerationRow dropping) {
        return failed.containsKey(dropping.id())
                || due.of(dropping, looked(dropping), clock.instant()).isEmpty();
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void runUntilClosed() {
        boolean told = false;
        while (!isClosing()) {
            try {
                for (GenerationRow row : generations.all()) {
                    if (!told) {
                        manifests.tellAgain(row);
                    }
                    look(row);
                }
                told = true;
                manifests.tidy();
            } catch (PalimpsestException e) {
                LOG.atWarn()
                        .addKeyValue("errorCode", e.code().id())
                        .setCause(e)
                        .log("manifests could not be looked after; tried again");
            } catch (InterruptedException e) {
                return;
            }
            pause();
        }
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
        boolean wanted = asked.contains(row.id()) && row.state() != GenerationState.DROPPING;
        Optional<DueManifests.Due> found = wanted
                ? Optional.of(new DueManifests.Due(ManifestRow.Reason.ASKED, true))
                : due.of(row, looked(row), now);
        if (found.isPresent()) {
            make(row, found.get(), now);
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
        try (Lease held = lease.get()) {
            Optional<ManifestRow> made =
                    manifests.make(row, what.reason(), what.always(), () -> isClosing() || !held.isHeld());
            if (!isClosing()) {
                asked.remove(row.id());
                looked.put(row.id(), now);
                failed.remove(row.id());
            }
            made.ifPresent(manifest -> LOG.atInfo().log(
                    "manifest of generation {}: {} passages, {}", row.id(), manifest.size(), manifest.reason()));
        } catch (RuntimeException e) { // whatever it is, the others are looked at
            failed.put(row.id(), now);
            LOG.atWarn()
                    .addKeyValue(
                            "errorCode",
                            e instanceof PalimpsestException ours ? ours.code().id() : "PAL-799")
                    .setCause(e)
                    .log("the manifest of generation {} could not be made; tried again", row.id());
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
