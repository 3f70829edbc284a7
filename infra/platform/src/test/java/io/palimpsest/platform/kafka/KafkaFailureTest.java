package io.palimpsest.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.platform.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

/** Every failure says where, what, and what to do. */
final class KafkaFailureTest {
    private static final String AT = "kafka-1:9092,kafka-2:9092";
    private static final Topic<byte[], byte[]> TOPIC =
            new Topic<>("a-topic", Serdes.ByteArray(), Serdes.ByteArray(), 3, Duration.ofDays(1), Topic.Cleanup.DELETE);

    private final TopicFailure topics =
            new TopicFailure(Settings.defaults(Path.of("data")).kafka().at(AT));

    @Test
    void aRecordThatIsNotAcknowledgedNamesTopicAndRemedy() {
        assertUnacknowledged(new TimeoutException("expired"), "brokers run and have room");
        assertUnacknowledged(new NotEnoughReplicasException("1 of 2"), "brokers run and have room");
        assertUnacknowledged(
                new TimeoutException("not present in metadata", new UnknownTopicOrPartitionException("none")),
                "it has no such topic");
        assertUnacknowledged(
                new TopicAuthorizationException("a-topic"), "this user may not write there", "kafka-acls.sh");
        assertUnacknowledged(
                new ExecutionException(new SaslAuthenticationException("revoked")),
                "does not let this user in any more",
                "kafka.client.sasl");
    }

    private static void assertUnacknowledged(Exception failure, String... says) {
        PalimpsestException explained = KafkaFailure.unacknowledged(AT, "the change", "a-topic", failure);
        assertThat(explained.code()).isEqualTo(ErrorCode.BROKER_UNAVAILABLE);
        assertThat(explained)
                .hasMessageContainingAll(says)
                .hasMessageContainingAll(
                        "Kafka at " + AT, "the change for topic a-topic", "sending it again does no harm")
                .hasMessageNotContaining("ExecutionException");
    }

    @Test
    void aTopicThatCannotBeMadeNamesAddressTopicAndRemedy() {
        assertNotCreated(new InvalidReplicationFactorException("only 1"), "start the others, or lower it");
        assertNotCreated(new TopicAuthorizationException("a-topic"), "permit that, or create it with 3 partitions");
        assertNotCreated(new PolicyViolationException("no"), "create.topic.policy.class.name", "3 partitions");
    }

    private void assertNotCreated(Exception failure, String... says) {
        PalimpsestException explained =
                topics.notCreated(TOPIC, Map.of("min.insync.replicas", "1"), new ExecutionException(failure));
        assertThat(explained.code()).isEqualTo(ErrorCode.KAFKA_REFUSED);
        assertThat(explained).hasMessageContainingAll(says).hasMessageContaining("Kafka at " + AT + ": topic a-topic");
    }

    @Test
    void whatIsAskedAboutTopicsInVainNamesAddressAndRemedy() {
        assertAsked(new TopicAuthorizationException("a-topic"), ErrorCode.KAFKA_REFUSED, "kafka-acls.sh");
        assertAsked(new SaslAuthenticationException("wrong"), ErrorCode.KAFKA_REFUSED, "kafka.client.sasl.jaas.config");
        assertAsked(new TimeoutException("late"), ErrorCode.BROKER_UNAVAILABLE, "see that its brokers run");
        assertThat(topics.invisible(Duration.ofSeconds(30)))
                .hasMessageContainingAll("Kafka at " + AT, "PT30S", "kafka-metadata-quorum.sh");
    }

    private void assertAsked(Exception failure, ErrorCode code, String says) {
        PalimpsestException explained = assertThrows(
                PalimpsestException.class,
                () -> topics.asked(() -> {
                    throw new ExecutionException(failure);
                }));
        assertThat(explained.code()).isEqualTo(code);
        assertThat(explained).hasMessageContainingAll("Kafka at " + AT, says);
    }
}
