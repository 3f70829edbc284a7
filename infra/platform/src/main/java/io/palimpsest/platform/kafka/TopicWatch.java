package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.platform.kafka.TopicCatalog.Missed;
import io.palimpsest.platform.telemetry.Health;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes topics of the catalogue again that go missing while the process runs, and says what that costs.
 *
 * <p>A topic is made again only when it was missing twice in a row: so whoever reads it has noticed too, and begins at the
 * first record of its new life instead of the position that it had in the old one.
 *
 * <p>Threading: one thread of its own; the rest safe, for several processes too: one of them makes a topic and tells of it.
 * Failure: looks again; what waiting does not mend is logged once, and is in {@link #state} until it passes.
 */
public final class TopicWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final TopicCatalog catalog;
    private final Supplier<? extends Admin> admins;
    private final Consumer<Missed> told;
    private final Duration pause;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private final Set<String> madeAgain = new TreeSet<>();
    private final AtomicReference<Health.State> state = new AtomicReference<>(Health.State.up());
    private Set<String> missing = Set.of();
    private volatile Map<String, Uuid> lives = Map.of();

    /**
     * @param admins makes clients; the watch closes them
     * @param told of each topic that it made again
     * @param pause between two looks
     */
    public TopicWatch(TopicCatalog catalog, Supplier<? extends Admin> admins, Consumer<Missed> told, Duration pause) {
        this.catalog = catalog;
        this.admins = admins;
        this.told = told;
        this.pause = pause;
        this.thread = Thread.ofPlatform().name("topic-watch").daemon().unstarted(this::runUntilClosed);
    }

    public TopicWatch start() {
        thread.start();
        return this;
    }

    /** Ready while no topic is known to be missing; says until the end of the process which ones were. */
    public Health.State state() {
        return state.get();
    }

    /** The id that the topic had at the last look: made again, it has another. Empty before the first, and where it was not seen. */
    public Optional<Uuid> life(Topic<?, ?> topic) {
        return Optional.ofNullable(lives.get(topic.name()));
    }

    @Override
    public void close() throws InterruptedException {
        closing.countDown();
        thread.interrupt();
        thread.join(CLOSING.toMillis()); // the form that takes a duration refuses a thread not started
    }

    private void runUntilClosed() {
        try (LastingAdmin admin = new LastingAdmin(admins)) {
            while (!closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                try {
                    look(admin.client());
                } catch (PalimpsestException e) {
                    admin.failed();
                    failed(e);
                } catch (RuntimeException e) {
                    admin.failed();
                    LOG.atWarn().setCause(e).log("the look at the topics failed; it is tried again");
                }
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("told to stop");
        }
    }

    void look(Admin admin) {
        TopicCatalog.Look look = catalog.look(admin);
        lives = look.lives();
        Set<String> found = look.missing();
        Set<String> twice = new HashSet<>(found);
        twice.retainAll(missing);
        missing = found;
        if (!twice.isEmpty()) {
            catalog.make(admin, twice, made -> {
                madeAgain.add(made.topic().name());
                told.accept(made);
            });
            missing = found.stream().filter(topic -> !twice.contains(topic)).collect(Collectors.toSet());
        }
        state.set(missing.isEmpty() ? whole() : Health.State.down("Kafka has no topics " + new TreeSet<>(missing)));
    }

    private Health.State whole() {
        return madeAgain.isEmpty()
                ? Health.State.up()
                : new Health.State(true, "ready, but topics were missing and what they held is lost: " + madeAgain);
    }

    private void failed(PalimpsestException e) {
        if (e.code() == ErrorCode.BROKER_UNAVAILABLE) { // as everybody else says
            LOG.atDebug().setCause(e).log("Kafka cannot be asked for its topics");
            return;
        }
        Health.State now = Health.State.down(String.valueOf(e.getMessage()));
        if (!now.equals(state.getAndSet(now))) {
            LOG.atWarn().addKeyValue("errorCode", e.code().id()).log("{}", e.getMessage());
        }
    }
}
