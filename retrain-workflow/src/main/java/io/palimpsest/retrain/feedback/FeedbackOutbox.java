package io.palimpsest.retrain.feedback;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.FeedbackGiven;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.kafka.KafkaFailure;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.retry.BackOff;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what {@link FeedbackIntake} has taken to {@link Topics#FEEDBACK_GIVEN}, and then to the ledger.
 *
 * <p>Threading: one thread of its own; several processes may run one each. Ordering and idempotency: each record at least
 * once; the first time that each is there is in the order of its collection's sequence, for whoever sends a record has sent
 * the ones before it, or they were acknowledged. The same feedback has the same {@code feedbackId}, also when a kill between
 * acknowledgement and mark sends it again. Failure: tried again for ever; {@link #healthy} is false meanwhile.
 */
public final class FeedbackOutbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedbackOutbox.class);
    private static final int BATCH = 200;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(10));
    private static final String ACTOR = "service:retrain";

    private final Sql sql;
    private final Producer<String, FeedbackGiven> producer;
    private final String brokers;
    private final LedgerEntries entries;
    private final LedgerSink ledger;
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread;
    private volatile boolean open = true;
    private volatile boolean healthy = true;

    /**
     * Sends nothing before {@link #start}.
     *
     * @param producer idempotent, for prompt sending; stays the caller's to close
     * @param brokers where it sends to, for messages
     */
    public FeedbackOutbox(
            Sql sql,
            Producer<String, FeedbackGiven> producer,
            String brokers,
            LedgerEntries entries,
            LedgerSink ledger) {
        this.sql = sql;
        this.producer = producer;
        this.brokers = brokers;
        this.entries = entries;
        this.ledger = ledger;
        this.thread = Thread.ofPlatform().name("feedback-outbox").daemon().unstarted(this::runUntilClosed);
    }

    public FeedbackOutbox start() {
        thread.start();
        return this;
    }

    /** There is something new: it need not wait for the next look. */
    public void wake() {
        wanted.release();
    }

    /** When the oldest feedback was taken that the topic may not have yet. */
    public Optional<Instant> waitingSince() {
        return sql.query("SELECT MIN(given_at) FROM feedback WHERE published = 0", row -> {
                    long at = row.getLong(1);
                    return row.wasNull() ? Optional.<Instant>empty() : Optional.of(Instant.ofEpochMilli(at));
                })
                .getFirst();
    }

    /** False from a failure until something is through again. */
    public boolean healthy() {
        return healthy;
    }

    @Override
    public void close() throws InterruptedException {
        open = false;
        wake();
        thread.join(TimeUnit.SECONDS.toMillis(10)); // the form that takes a duration refuses a thread not started
    }

    private void runUntilClosed() {
        int failures = 0;
        while (open) {
            try {
                while (open && publishSome() == BATCH) {
                    LOG.atDebug().log("there is more feedback to publish");
                }
                failures = 0;
                healthy = true;
                if (wanted.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    wanted.drainPermits();
                }
            } catch (InterruptedException | InterruptException e) {
                return;
            } catch (RuntimeException e) {
                healthy = false;
                pause(++failures, e);
            }
        }
    }

    private void pause(int failures, RuntimeException e) {
        ErrorCode code = e instanceof PalimpsestException ours ? ours.code() : ErrorCode.BROKER_UNAVAILABLE;
        LOG.atWarn()
                .addKeyValue("errorCode", code.id())
                .addKeyValue("topic", Topics.FEEDBACK_GIVEN.name())
                .log("feedback waits in the database: it could not be published yet: {}", e.getMessage());
        try {
            if (wanted.tryAcquire(BACK_OFF.after(failures).toMillis(), TimeUnit.MILLISECONDS)) {
                wanted.drainPermits();
            }
        } catch (InterruptedException interrupt) {
            open = false;
        }
    }

    /**
     * Sends what waits, one after the other: a record that is tried again must not come after the next.
     *
     * @return how many
     */
    int publishSome() throws InterruptedException {
        List<FeedbackGiven> waiting = sql.query(
                "SELECT * FROM feedback WHERE published = 0 ORDER BY tenant, collection, sequence_number LIMIT "
                        + BATCH,
                FeedbackOutbox::read);
        List<FeedbackGiven> sent = new ArrayList<>();
        try {
            for (FeedbackGiven given : waiting) {
                send(given);
                sent.add(given);
            }
        } finally {
            mark(sent);
        }
        return waiting.size();
    }

    private void send(FeedbackGiven given) throws InterruptedException {
        String key = given.collection().toString();
        ProducerRecord<String, FeedbackGiven> record = new ProducerRecord<>(Topics.FEEDBACK_GIVEN.name(), key, given);
        EventHeaders.set(
                record.headers(), given.feedbackId(), "/" + ACTOR, Topics.FEEDBACK_GIVEN, given.queryId(), null);
        try {
            producer.send(record).get();
        } catch (InterruptException e) {
            throw e;
        } catch (ExecutionException | KafkaException e) {
            throw KafkaFailure.unacknowledged(brokers, "feedback", record.topic(), e);
        }
        ledger.record(entries.entry(
                LedgerEntry.Type.FEEDBACK_TAKEN,
                given.at(),
                ACTOR,
                LedgerEntries.Scope.of(given.collection()),
                given.feedbackId(),
                Map.of(
                        "kind", given.kind().name(),
                        "sequence", Long.toString(given.sequence()),
                        "generation", given.generation().value(),
                        "model", given.model().value(),
                        "late", Boolean.toString(given.late())),
                given.queryId()));
    }

    private void mark(List<FeedbackGiven> sent) {
        if (!sent.isEmpty()) {
            List<Object[]> rows = sent.stream()
                    .map(given -> new Object[] {given.feedbackId()})
                    .toList();
            sql.inTransaction(transaction -> {
                transaction.updateAll("UPDATE feedback SET published = 1 WHERE feedback_id = ?", rows);
                return null;
            });
        }
    }

    static FeedbackGiven read(ResultSet row) throws SQLException {
        int score = row.getInt("score");
        @Nullable Integer value = row.wasNull() ? null : score;
        String document = row.getString("document_id");
        String passage = row.getString("passage_id");
        return new FeedbackGiven(
                row.getString("feedback_id"),
                row.getString("query_id"),
                CollectionKey.of(row.getString("tenant"), row.getString("collection")),
                FeedbackGiven.Kind.valueOf(row.getString("kind")),
                value,
                document == null ? null : new DocumentId(document),
                passage == null ? null : new PassageId(passage),
                new GenerationId(row.getString("generation")),
                new ModelId(row.getString("model")),
                row.getLong("sequence_number"),
                row.getInt("late") == 1,
                Instant.ofEpochMilli(row.getLong("given_at")));
    }
}
