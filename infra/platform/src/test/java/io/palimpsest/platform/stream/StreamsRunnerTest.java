package io.palimpsest.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsRunnerTest {

    @Test
    void whatMayPassReplacesTheThreadAndDefectsStop() {
        assertThat(StreamsRunner.mayPass(new StreamsException("wrapped", new TimeoutException("slow broker"))))
                .isTrue();
        assertThat(StreamsRunner.mayPass(new PalimpsestException(ErrorCode.STORE_FAILED, "disk busy")))
                .isTrue();
        assertThat(StreamsRunner.mayPass(new StreamsException("wrapped", new IllegalStateException("defect"))))
                .isFalse();
        assertThat(StreamsRunner.mayPass(new PalimpsestException(ErrorCode.CONFIG_INVALID, "no such setting")))
                .isFalse();
    }

    @Test
    void whatSomebodyMendsAtTheBrokersReplacesTheThread() {
        assertThat(List.of(
                        new MissingSourceTopicException("deleted"),
                        new StreamsException("in poll", new TopicAuthorizationException("a right that was taken")),
                        new StreamsException("in poll", new GroupAuthorizationException("another")),
                        inCommit(new TransactionalIdAuthorizationException("another")),
                        new StreamsException("in poll", new SaslAuthenticationException("another password")),
                        new StreamsException("in poll", new UnknownTopicOrPartitionException("deleted"))))
                .allMatch(StreamsRunner::mayPass);
    }

    @Test
    void aStreamThatDoesNotReadInTimeNamesTheAddressAndWhatToDo(@TempDir Path folder) {
        StreamsSettings settings = StreamsSettings.of("127.0.0.1:9", folder);
        Topology topology = new Topology();
        topology.addSource("in", "a-topic");
        try (StreamsRunner runner = new StreamsRunner("reading", () -> topology, settings)) {
            assertThatThrownBy(() -> runner.awaitRunning(Duration.ofMillis(1)))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.BROKER_UNAVAILABLE))
                    .hasMessageContainingAll("reading", "Kafka at 127.0.0.1:9", "CREATED", "see that its brokers run");
        }
    }

    /** As seen when the broker came back after the producer had given up. */
    @Test
    void aTransactionThatCanOnlyBeAbortedReplacesTheThread() {
        assertThat(StreamsRunner.mayPass(
                        inCommit(new KafkaException("The client hasn't received acknowledgment for some"
                                + " previously sent messages and can no longer retry them. It is safe to abort"))))
                .isTrue();
        assertThat(StreamsRunner.mayPass(inCommit(new TransactionAbortableException("abort"))))
                .isTrue();
        assertThat(StreamsRunner.mayPass(inCommit(new RecordTooLargeException("too large"))))
                .isFalse();
    }

    /** As seen on a broker whose disk had become full in the midst of a record. */
    @Test
    void whatABrokerCannotNameReplacesTheThread() {
        assertThat(StreamsRunner.mayPass(
                        new StreamsException("sending", new UnknownServerException("an unexpected error"))))
                .isTrue();
    }

    /** As seen when one of three brokers was killed: the new coordinator had not read of the transaction. */
    @Test
    void aTransactionThatItsCoordinatorDoesNotKnowReplacesTheThread() {
        assertThat(StreamsRunner.mayPass(inCommit(new InvalidTxnStateException("in an invalid state"))))
                .isTrue();
        assertThat(StreamsRunner.mayPass(inCommit(new OutOfOrderSequenceException("lost"))))
                .isTrue();
        assertThat(StreamsRunner.mayPass(inCommit(new InvalidPidMappingException("expired"))))
                .isTrue();
        assertThat(StreamsRunner.mayPass(new StreamsException("in poll", new FencedInstanceIdException("taken"))))
                .isFalse();
    }

    /** As seen on a broker that came back: Streams sends with a producer whose commit timed out. */
    @Test
    void aProducerThatMustRepeatItsCommitReplacesTheThread() {
        IllegalStateException refused = new IllegalStateException("Cannot attempt operation `send` because the previous"
                + " call to `commitTransaction` timed out and must be retried");
        refused.setStackTrace(new StackTraceElement[] {
            new StackTraceElement(
                    "org.apache.kafka.clients.producer.internals.TransactionManager", "throwIfPendingState", null, -1)
        });
        assertThat(StreamsRunner.mayPass(new StreamsException("in process", refused)))
                .isTrue();
        assertThat(StreamsRunner.mayPass(new StreamsException("in commit", new CommitFailedException("generation"))))
                .isTrue();
    }

    private static StreamsException inCommit(Exception cause) {
        return new StreamsException(
                "Error encountered trying to commit a transaction",
                new KafkaException("Cannot execute transactional method because we are in an error state", cause));
    }

    @Test
    void propertiesAreAcceptedByKafkaAndSayExactlyOnce() {
        StreamsSettings settings = new StreamsSettings(
                "localhost:9092",
                Path.of("state"),
                2,
                Duration.ofMillis(100),
                "classic",
                "",
                (short) 3,
                Map.of("client.rack", "r1", StreamsConfig.PROCESSING_GUARANTEE_CONFIG, "at_least_once"));
        Properties properties = StreamsRunner.properties("palimpsest-gate", settings);
        StreamsConfig config = new StreamsConfig(properties);

        assertThat(config.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)).isEqualTo("exactly_once_v2");
        assertThat(config.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)).isEqualTo(100);
        assertThat(config.getMainConsumerConfigs("group", "client", 0))
                .containsEntry("session.timeout.ms", 6000)
                .containsEntry("auto.offset.reset", "earliest")
                .containsEntry("isolation.level", "read_committed");
    }
}
