package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.platform.config.KafkaSettings;
import io.palimpsest.platform.retry.Condition;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;

/** What it means to the operator that topics or settings of groups cannot be made or read: where, why, and what to do. */
record TopicFailure(KafkaSettings settings) {

    /** Arbitrary; milliseconds are usual. */
    private static final Duration SHOWN_WITHIN = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(20);

    /** Something asked of an admin client. */
    interface Request {
        void send() throws ExecutionException, InterruptedException;
    }

    void asked(Request request) {
        try {
            request.send();
        } catch (ExecutionException e) {
            throw explained(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PalimpsestException(
                    ErrorCode.BROKER_UNAVAILABLE, "told to stop while " + place() + " was asked about its topics", e);
        }
    }

    /** The controller answers before the brokers know: a consumer that starts in between misses the topic or setting. */
    void shown(Condition<ExecutionException> condition) {
        asked(() -> {
            if (!Condition.await(condition, SHOWN_WITHIN, POLL)) {
                throw invisible(SHOWN_WITHIN);
            }
        });
    }

    /** {@code CreateTopics} failed. */
    PalimpsestException notCreated(Topic<?, ?> topic, Map<String, String> config, ExecutionException failed) {
        String created = place() + ": topic " + topic.name();
        return switch (failed.getCause()) {
            case InvalidReplicationFactorException few ->
                KafkaFailure.refused(
                        created + " cannot be made: kafka.replication.factor is " + settings.replicationFactor()
                                + ", and there are fewer brokers (" + few.getMessage()
                                + "): start the others, or lower it",
                        few);
            case AuthorizationException mayNot ->
                KafkaFailure.refused(
                        created
                                + " is missing or not to be seen by this user, who may not create it:"
                                + " permit that, or create it with " + topic.partitions() + " partitions and "
                                + new TreeMap<>(config),
                        mayNot);
            case PolicyViolationException against ->
                KafkaFailure.refused(
                        created + " cannot be made (" + against.getMessage() + "): let the policy of the brokers"
                                + " (create.topic.policy.class.name) permit " + topic.partitions() + " partitions and "
                                + new TreeMap<>(config) + ", or create it by hand",
                        against);
            case null, default -> explained(failed);
        };
    }

    PalimpsestException invisible(Duration waited) {
        return new PalimpsestException(
                ErrorCode.BROKER_UNAVAILABLE,
                place() + " made topics or settings that its brokers do not show after " + waited
                        + ": see that all of them follow the controller (kafka-metadata-quorum.sh)");
    }

    private PalimpsestException explained(ExecutionException failed) {
        return KafkaFailure.explained(settings.bootstrapServers(), settings.securityProtocol(), failed);
    }

    private String place() {
        return "Kafka at " + settings.bootstrapServers();
    }
}
