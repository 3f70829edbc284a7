package io.palimpsest.index.querylog;

import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what was served to {@code retrieval.query.served.v1}, behind the searches.
 *
 * <p>Threading: one thread of its own. Failure: what the queue or Kafka does not take is counted in {@link #dropped} and logged,
 * never silent; a search never waits for it.
 */
public final class QueryFactPublisher implements QueryFacts, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueryFactPublisher.class);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    /** One line of the log for this many losses. */
    private static final long LOG_EVERY = 1_000;

    private final Producer<String, QueryServed> producer;
    private final BlockingQueue<Supplier<QueryServed>> queue;
    private final AtomicLong dropped = new AtomicLong();
    private final Thread sender;
    private volatile boolean open = true;

    /**
     * Closes the producer with itself.
     *
     * @param capacity facts that may wait for Kafka
     */
    public QueryFactPublisher(Producer<String, QueryServed> producer, int capacity) {
        this.producer = producer;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.sender = Thread.ofPlatform().name("query-facts").daemon().start(this::sendUntilClosed);
    }

    @Override
    public void offer(Supplier<QueryServed> fact) {
        if (!open || !queue.offer(fact)) {
            drop(null);
        }
    }

    /** Facts that were lost since the start. */
    public long dropped() {
        return dropped.get();
    }

    private void sendUntilClosed() {
        while (open || !queue.isEmpty()) {
            try {
                Supplier<QueryServed> fact = queue.poll(100, TimeUnit.MILLISECONDS);
                if (fact != null) {
                    send(fact.get());
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) { // this fact's fault or Kafka's: the next one may go
                drop(e);
            }
        }
    }

    private void send(QueryServed served) {
        ProducerRecord<String, QueryServed> record = new ProducerRecord<>(
                Topics.QUERY_SERVED.name(), served.collection().toString(), served);
        EventHeaders.set(
                record.headers(), served.queryId(), "palimpsest/index", Topics.QUERY_SERVED, served.queryId(), null);
        var unused = producer.send(record, (metadata, failure) -> {
            if (failure != null) {
                drop(failure);
            }
        });
    }

    private void drop(@Nullable Throwable cause) {
        long total = dropped.incrementAndGet();
        if (total % LOG_EVERY == 1) {
            LOG.atWarn().setCause(cause).log("what was served is not all told: {} lost since the start", total);
        }
    }

    /** Sends what is waiting, as far as Kafka takes it within seconds. */
    @Override
    public void close() throws InterruptedException {
        open = false;
        sender.join(CLOSING.toMillis());
        producer.close(CLOSING);
    }
}
