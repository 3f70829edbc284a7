package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.platform.retry.Condition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics of the catalogue, and refuses to work on ones that are not as the catalogue says.
 *
 * <p>Ordering and idempotency: may be called at every start, by several processes. Failure:
 * {@link ErrorCode#CONFIG_INVALID} listing every topic that differs so that a law would break, {@link
 * ErrorCode#KAFKA_REFUSED} where they cannot be made; {@link ErrorCode#BROKER_UNAVAILABLE}. What else differs is a warning.
 */
public final class TopicCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCatalog.class);
    private static final List<GroupSetting> SHARE_GROUP = List.of(
            GroupSetting.exactly("share.auto.offset.reset", "earliest"),
            GroupSetting.exactly("share.isolation.level", "read_committed"));
    /** Arbitrary; milliseconds are usual. */
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(20);

    private final List<Topic<?, ?>> topics;
    private final short replicationFactor;

    public TopicCatalog(List<Topic<?, ?>> topics, short replicationFactor) {
        this.topics = List.copyOf(topics);
        this.replicationFactor = replicationFactor;
    }

    /** Copies that must have a record before it counts as written: one may be away, where there are three or more. */
    public static int minInSync(int replicationFactor) {
        return replicationFactor < 3 ? 1 : replicationFactor - 1;
    }

    /** Returns when every topic is there for clients to use. */
    public void ensure(Admin admin) {
        asked(() -> {
            Set<String> existing = admin.listTopics().names().get();
            create(
                    admin,
                    topics.stream()
                            .filter(topic -> !existing.contains(topic.name()))
                            .toList());
            await(() -> isVerified(admin));
        });
    }

    /** False while a broker is asked that does not know of a new topic yet: each request goes to any of them. */
    private boolean isVerified(Admin admin) throws ExecutionException, InterruptedException {
        try {
            verify(admin);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    /** Makes a share group start at the first record and read only what was committed; returns when it is so. */
    public static void shareGroup(Admin admin, String groupId) {
        asked(() -> {
            GroupSetting.ensure(admin, groupId, SHARE_GROUP);
            await(() -> GroupSetting.hold(admin, groupId, SHARE_GROUP));
        });
    }

    private interface Request {
        void send() throws ExecutionException, InterruptedException;
    }

    private static void asked(Request request) {
        try {
            request.send();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof AuthorizationException refused
                    ? KafkaFailure.refused(
                            "Kafka does not permit this user what is needed: " + refused.getMessage(), refused)
                    : unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    /** The controller answers before the brokers know: a consumer that starts in between misses the topic or setting. */
    private static void await(Condition<ExecutionException> condition) throws ExecutionException, InterruptedException {
        if (!Condition.await(condition, VISIBLE_WITHIN, POLL)) {
            throw new PalimpsestException(
                    ErrorCode.BROKER_UNAVAILABLE, "what was created is not visible after " + VISIBLE_WITHIN);
        }
    }

    private void create(Admin admin, List<Topic<?, ?>> missing) throws ExecutionException, InterruptedException {
        Map<String, KafkaFuture<Void>> created = admin.createTopics(missing.stream()
                        .map(topic -> new NewTopic(topic.name(), topic.partitions(), replicationFactor)
                                .configs(config(topic)))
                        .toList())
                .values();
        for (Topic<?, ?> topic : missing) {
            created(topic, Objects.requireNonNull(created.get(topic.name())));
        }
    }

    private Map<String, String> config(Topic<?, ?> topic) {
        Map<String, String> config = new HashMap<>(topic.config());
        config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInSync(replicationFactor)));
        return config;
    }

    private void created(Topic<?, ?> topic, KafkaFuture<Void> created) throws ExecutionException, InterruptedException {
        try {
            created.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case TopicExistsException another -> LOG.atDebug().log("another process was faster");
                case InvalidReplicationFactorException few ->
                    throw KafkaFailure.refused(
                            "kafka.replication.factor is " + replicationFactor + ", and Kafka has fewer brokers ("
                                    + few.getMessage() + "): start the others, or lower it",
                            few);
                case AuthorizationException mayNot ->
                    throw KafkaFailure.refused(
                            "topic " + topic.name()
                                    + " is missing or not to be seen by this user, who may not create it:"
                                    + " permit that, or create it with " + topic.partitions() + " partitions and "
                                    + config(topic),
                            mayNot);
                case PolicyViolationException against ->
                    throw KafkaFailure.refused(
                            "topic " + topic.name() + " cannot be created: " + against.getMessage(), against);
                case null, default -> throw e;
            }
        }
    }

    private void verify(Admin admin) throws ExecutionException, InterruptedException {
        Map<String, TopicDescription> descriptions = admin.describeTopics(
                        topics.stream().map(Topic::name).toList())
                .allTopicNames()
                .get();
        Map<ConfigResource, Config> configs = configs(admin);
        TopicComparison comparison = new TopicComparison();
        for (Topic<?, ?> topic : topics) {
            TopicDescription description = descriptions.get(topic.name());
            if (description != null) {
                comparison.add(
                        topic,
                        description,
                        configs.get(resource(topic)),
                        replicationFactor,
                        Integer.toString(minInSync(replicationFactor)));
            }
        }
        if (!comparison.doubtful().isEmpty()) {
            LOG.atWarn()
                    .log(
                            "existing topics are less safe than the settings say: {}",
                            String.join("; ", comparison.doubtful()));
        }
        if (!comparison.lawless().isEmpty()) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "existing topics differ from the catalogue: " + String.join("; ", comparison.lawless()));
        }
    }

    /** Without those that the user may not see. */
    private Map<ConfigResource, Config> configs(Admin admin) throws ExecutionException, InterruptedException {
        Map<ConfigResource, Config> configs = new HashMap<>();
        for (var asked : admin.describeConfigs(
                        topics.stream().map(TopicCatalog::resource).toList())
                .values()
                .entrySet()) {
            try {
                configs.put(asked.getKey(), asked.getValue().get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof AuthorizationException)) {
                    throw e;
                }
                LOG.atWarn()
                        .addKeyValue("topic", asked.getKey().name())
                        .log("the topic's settings cannot be checked: this user may not see them");
            }
        }
        return configs;
    }

    private static ConfigResource resource(Topic<?, ?> topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static PalimpsestException unavailable(Throwable cause) {
        return new PalimpsestException(
                ErrorCode.BROKER_UNAVAILABLE, "the topics cannot be created or read at the broker", cause);
    }
}
