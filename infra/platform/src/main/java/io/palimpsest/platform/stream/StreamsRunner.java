package io.palimpsest.platform.stream;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.kafka.KafkaCluster;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.platform.retry.BackOff;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one topology, exactly once. Its source topics must exist before the start.
 *
 * <p>Threading: any thread; start and close once. Failure: what may pass replaces the stream thread; anything else stops the
 * topology with nothing committed of the record at fault, and the log says why. Local state that does not open is deleted
 * and read anew from the brokers.
 */
public final class StreamsRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsRunner.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20); // arbitrary
    /** The broker's minimum: a restart after kill -9 waits this long. */
    private static final int SESSION_TIMEOUT_MILLIS = Math.toIntExact(KafkaCluster.SOON.toMillis());

    private static final int HEARTBEAT_MILLIS = Math.toIntExact(KafkaCluster.OFTEN.toMillis());
    private static final String PRODUCER = Producer.class.getPackageName() + ".";
    private static final BackOff PAUSES = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(10));

    private final String applicationId;
    private final StreamsSettings settings;
    private final Supplier<Topology> topology;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger passing = new AtomicInteger();
    private final AtomicReference<@Nullable PalimpsestException> failure = new AtomicReference<>();
    private volatile Run run;

    /** @param settled open once records flow, or never will */
    private record Run(KafkaStreams streams, CountDownLatch settled) {}

    /** @param topology makes it anew at each call */
    public StreamsRunner(String applicationId, Supplier<Topology> topology, StreamsSettings settings) {
        this.applicationId = applicationId;
        this.settings = settings;
        this.topology = topology;
        this.run = made();
    }

    private Run made() {
        KafkaStreams streams = new KafkaStreams(topology.get(), properties(applicationId, settings));
        CountDownLatch settled = new CountDownLatch(1);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                passing.set(0);
            }
            if (now == KafkaStreams.State.RUNNING || now.hasStartedOrFinishedShuttingDown()) {
                settled.countDown();
            }
        });
        streams.setUncaughtExceptionHandler(this::respond);
        return new Run(streams, settled);
    }

    public void start() {
        if (settings.streamsGroup()) {
            StreamsGroup.prepare(applicationId, settings, SESSION_TIMEOUT_MILLIS, HEARTBEAT_MILLIS);
        }
        try {
            run.streams().start();
        } catch (ProcessorStateException e) {
            startWithoutState(e);
        }
    }

    /**
     * After a kill Streams deletes the stores that have no checkpoint yet, file by file. A second kill in the midst of it
     * leaves some without the file that names their other files: RocksDB does not open those, and Streams neither starts
     * nor deletes them, however often it is told to. All that is in them is at the brokers.
     */
    private void startWithoutState(ProcessorStateException failed) {
        LOG.atWarn()
                .setCause(failed)
                .log("the local state of {} is not whole; it is read anew from Kafka", applicationId);
        close(run);
        KafkaStreams again = renewed().streams();
        again.cleanUp();
        again.start();
    }

    /** Not beside a close, which would not see the new one. */
    private synchronized Run renewed() {
        if (closing.getCount() > 0) {
            run = made();
        }
        return run;
    }

    private synchronized Run last() {
        return run;
    }

    /** Waits until records flow. */
    public void awaitRunning(Duration timeout) throws InterruptedException {
        boolean inTime = run.settled().await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        PalimpsestException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        if (!inTime) {
            throw new PalimpsestException(
                    ErrorCode.BROKER_UNAVAILABLE,
                    applicationId + " does not read from Kafka at " + settings.bootstrapServers() + " after "
                            + timeout.toMillis() + " ms (it is " + state()
                            + "): see that its brokers run, have its topics and let this user use them; it goes on by"
                            + " itself then");
        }
    }

    /** RUNNING or REBALANCING: records flow, or will without anybody's help. */
    public boolean healthy() {
        return failure.get() == null && state().isRunningOrRebalancing();
    }

    public KafkaStreams.State state() {
        return run.streams().state();
    }

    /** Leaves the group, so that a restart need not wait for the session to end. */
    @Override
    public void close() {
        closing.countDown();
        close(last());
    }

    private void close(Run ended) {
        boolean closed = ended.streams()
                .close(CloseOptions.timeout(CLOSE_TIMEOUT)
                        .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        if (!closed) {
            LOG.atWarn().log("{} did not close within {}", applicationId, CLOSE_TIMEOUT);
        }
    }

    private StreamThreadExceptionResponse respond(Throwable thrown) {
        if (mayPass(thrown)) {
            Duration pause = PAUSES.after(passing.incrementAndGet());
            LOG.atWarn()
                    .addKeyValue("errorCode", ErrorCode.BROKER_UNAVAILABLE.id())
                    .setCause(thrown)
                    .log(
                            "a stream thread of {} at Kafka {} failed and is replaced in {} ms",
                            applicationId,
                            settings.bootstrapServers(),
                            pause.toMillis());
            await(pause);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        ErrorCode code = code(thrown);
        failure.compareAndSet(null, new PalimpsestException(code, stopped(thrown), thrown));
        LOG.atError().addKeyValue("errorCode", code.id()).setCause(thrown).log("{} stopped", applicationId);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private String stopped(Throwable thrown) {
        return applicationId + " at Kafka " + settings.bootstrapServers() + " stopped ("
                + thrown.getClass().getSimpleName()
                + ") with nothing lost: mend what the log says, then restart this process";
    }

    private static ErrorCode code(Throwable thrown) {
        for (@Nullable Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof FencedInstanceIdException) {
                return ErrorCode.INSTANCE_TAKEN;
            }
        }
        return thrown instanceof PalimpsestException known && known.code().next() == NextAction.STOP
                ? known.code()
                : ErrorCode.INTERNAL;
    }

    /** On the thread that failed, which goes only afterwards. */
    private void await(Duration pause) {
        try {
            if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atDebug().log("{} is closing", applicationId);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Also what passes once somebody has mended the brokers: a topic made again, a permission given back. */
    static boolean mayPass(Throwable thrown) {
        for (@Nullable Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof RetriableException
                    || t instanceof CommitFailedException // the group went on meanwhile
                    || isLostTransaction(t)
                    || t instanceof MissingSourceTopicException
                    || t instanceof GroupIdNotFoundException // still the group of instances under the other protocol
                    || t instanceof InconsistentGroupProtocolException
                    || t instanceof AuthorizationException
                    || t instanceof AuthenticationException
                    || t instanceof UnknownServerException // a broker's own trouble: its disk is full, say
                    || (t instanceof PalimpsestException known && known.code().next() == NextAction.RETRY)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A producer whose broker was away for longer than it sends again has only a transaction to abort, and says so with an
     * exception of no kind. After a commit that timed out Streams goes on with the same producer, which refuses the next
     * record: an IllegalStateException from there, where any other is a defect. In the new thread's transaction nothing of
     * the old one counts. A coordinator that was killed may have ended the transaction, or know nothing of it.
     */
    private static boolean isLostTransaction(Throwable t) {
        return t instanceof TransactionAbortableException
                || t instanceof InvalidTxnStateException
                || t instanceof OutOfOrderSequenceException
                || t instanceof TransactionCoordinatorFencedException
                || (t instanceof ApplicationRecoverableException && !(t instanceof FencedInstanceIdException))
                || (t.getClass() == KafkaException.class && t.getCause() == null)
                || (t instanceof IllegalStateException
                        && t.getStackTrace().length > 0
                        && t.getStackTrace()[0].getClassName().startsWith(PRODUCER));
    }

    static Properties properties(String applicationId, StreamsSettings settings) {
        Properties p = new Properties();
        p.putAll(settings.clientProperties());
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        p.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
        p.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, settings.groupProtocol());
        p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SmallRocksDb.class);
        p.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) settings.replicationFactor());
        p.put(
                StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                TopicCatalog.minInSync(settings.replicationFactor()));
        if (!settings.streamsGroup()) {
            if (!settings.instance().isEmpty()) {
                // A static member takes its tasks back at once after a kill.
                p.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), settings.instance());
            }
            p.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MILLIS);
            p.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), HEARTBEAT_MILLIS);
        }
        return p;
    }
}
