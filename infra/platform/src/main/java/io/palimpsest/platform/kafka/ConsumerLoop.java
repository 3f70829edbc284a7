package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.retry.BackOff;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls a consumer on a thread of its own until it is closed; after a failure it pauses and begins again with a new
 * consumer, at whatever position the work then takes.
 *
 * <p>Threading: {@link #start}, {@link #close} and {@link #healthy} from any thread. Failure: every exception or error counts
 * as passing, is logged, and shows in {@link #healthy} until a batch is through again; nothing is skipped. Only when
 * another process joins the group under the same name the loop ends, unhealthy.
 */
public final class ConsumerLoop<K, V> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerLoop.class);

    private final Pace pace;
    private final Supplier<? extends Consumer<K, V>> consumers;
    private final Supplier<? extends Work<K, V>> works;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Consumer<K, V> consumer;
    private volatile boolean healthy;
    private int failures;

    /** What is done with one consumer, from its making to its end; on the loop's thread only. */
    public interface Work<K, V> extends AutoCloseable {
        /** Subscribes the consumer, or assigns and seeks. */
        void begin(Consumer<K, V> consumer);

        /** After each poll, those without records included. */
        void polled(ConsumerRecords<K, V> records, Consumer<K, V> consumer);

        @Override
        default void close() {}
    }

    /**
     * How the loop goes.
     *
     * @param name of the thread, and in the log
     * @param poll longest wait for records
     * @param closing how long {@link ConsumerLoop#close} waits for the batch at hand
     */
    public record Pace(String name, Duration poll, BackOff backOff, Duration closing) {}

    /**
     * Reads nothing before {@link #start}.
     *
     * @param consumers makes a new consumer at the start and after each failure
     * @param works makes the work that goes with it; must not yet do what can fail
     */
    public ConsumerLoop(Pace pace, Supplier<? extends Consumer<K, V>> consumers, Supplier<? extends Work<K, V>> works) {
        this.pace = pace;
        this.consumers = consumers;
        this.works = works;
        this.thread = Thread.ofPlatform().name(pace.name()).daemon().unstarted(this::runUntilClosed);
    }

    public void start() {
        thread.start();
    }

    /** True from the first answered poll on; false from a failure until a batch is through. */
    public boolean healthy() {
        return healthy && thread.isAlive();
    }

    /** Lets the batch at hand end, or leaves it to the next start. */
    @Override
    public void close() {
        closing.countDown();
        Consumer<K, V> running = consumer;
        if (running != null) {
            running.wakeup();
        }
        try {
            thread.join(pace.closing().toMillis()); // the form that takes a duration refuses a thread not started
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void runUntilClosed() {
        while (!isClosing()) {
            try (Consumer<K, V> made = consumers.get();
                    Work<K, V> work = works.get()) {
                consumer = made;
                run(made, work);
            } catch (WakeupException e) {
                LOG.atDebug().log("{} was told to stop", pace.name());
            } catch (FencedInstanceIdException e) { // beginning again would fence the other, and so on for ever
                healthy = false;
                LOG.atError()
                        .addKeyValue("errorCode", ErrorCode.INSTANCE_TAKEN.id())
                        .log("{} ended: another process works under the same instance.name", pace.name());
                return;
            } catch (Throwable e) { // an OutOfMemoryError too must not end the loop without a word
                healthy = false;
                if (isClosing()) {
                    LOG.atDebug().setCause(e).log("{} was stopped in the middle", pace.name());
                } else {
                    pauseAfter(e);
                }
            } finally {
                consumer = null;
            }
        }
    }

    private void run(Consumer<K, V> made, Work<K, V> work) {
        if (isClosing()) { // before close could see this consumer, and wake it
            return;
        }
        work.begin(made);
        while (!isClosing()) {
            ConsumerRecords<K, V> records = made.poll(pace.poll());
            if (failures == 0) {
                healthy = true; // a first batch may take minutes
            }
            work.polled(records, made);
            failures = 0;
            healthy = true;
        }
    }

    private void pauseAfter(Throwable failure) {
        failures++;
        Duration pause = pace.backOff().after(failures);
        LOG.atWarn()
                .addKeyValue("errorCode", codeOf(failure).id())
                .setCause(failure)
                .log("{} failed and begins again at its last position in {} ms", pace.name(), pause.toMillis());
        try {
            if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.atDebug().log("{} was told to stop", pace.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
    }

    private static ErrorCode codeOf(Throwable e) {
        if (e instanceof PalimpsestException ours) {
            return ours.code();
        }
        return e instanceof KafkaException ? ErrorCode.BROKER_UNAVAILABLE : ErrorCode.INTERNAL;
    }
}
