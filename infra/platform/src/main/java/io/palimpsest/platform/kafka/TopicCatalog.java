package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.platform.retry.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the topics of the catalogue, and refuses to work on ones that are not as the catalogue says.
 *
 * <p>Ordering and idempotency: may be called at every start, by several processes. Failure:
 * {@link ErrorCode#CONFIG_INVALID} listing every topic that differs; {@link ErrorCode#BROKER_UNAVAILABLE}.
 */
public final class TopicCatalog {
    private static final Map<String, String> SHARE_GROUP =
            Map.of("share.auto.offset.reset", "earliest", "share.isolation.level", "read_committed");
    /** Arbitrary; milliseconds are usual. */
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(20);

    private final List<Topic<?, ?>> topics;
    private final short replicationFactor;

    public TopicCatalog(List<Topic<?, ?>> topics, short replicationFactor) {
        this.topics = List.copyOf(topics);
        this.replicationFactor = replicationFactor;
    }

    /** Returns when every topic is there for clients to use. */
    public void ensure(Admin admin) {
        asked(() -> {
            Set<String> existing = admin.listTopics().names().get();
            for (Topic<?, ?> topic : topics) {
                if (!existing.contains(topic.name())) {
                    create(admin, topic);
                }
            }
            Set<String> names = topics.stream().map(Topic::name).collect(Collectors.toSet());
            await(() -> admin.listTopics().names().get().containsAll(names));
            verify(admin, topics);
        });
    }

    /** Makes a share group start at the first record and read only what was committed; returns when it is so. */
    public static void shareGroup(Admin admin, String groupId) {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, groupId);
        asked(() -> {
            admin.incrementalAlterConfigs(Map.of(
                            group,
                            SHARE_GROUP.entrySet().stream()
                                    .map(entry -> new AlterConfigOp(
                                            new ConfigEntry(entry.getKey(), entry.getValue()),
                                            AlterConfigOp.OpType.SET))
                                    .toList()))
                    .all()
                    .get();
            await(() -> holds(admin.describeConfigs(List.of(group)).all().get().get(group)));
        });
    }

    private static boolean holds(@Nullable Config config) {
        return config != null
                && SHARE_GROUP.entrySet().stream().allMatch(expected -> {
                    ConfigEntry actual = config.get(expected.getKey());
                    return actual != null && expected.getValue().equals(actual.value());
                });
    }

    private interface Request {
        void send() throws ExecutionException, InterruptedException;
    }

    private static void asked(Request request) {
        try {
            request.send();
        } catch (ExecutionException e) {
            throw unavailable(e);
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

    private void create(Admin admin, Topic<?, ?> topic) throws ExecutionException, InterruptedException {
        try {
            NewTopic made = new NewTopic(topic.name(), topic.partitions(), replicationFactor).configs(topic.config());
            admin.createTopics(List.of(made)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // another process was faster
                throw e;
            }
        }
    }

    private static void verify(Admin admin, List<Topic<?, ?>> existing)
            throws ExecutionException, InterruptedException {
        Map<String, TopicDescription> descriptions = admin.describeTopics(
                        existing.stream().map(Topic::name).toList())
                .allTopicNames()
                .get();
        Map<ConfigResource, Config> configs = admin.describeConfigs(
                        existing.stream().map(TopicCatalog::resource).toList())
                .all()
                .get();
        List<String> differences = new ArrayList<>();
        for (Topic<?, ?> topic : existing) {
            TopicDescription description = descriptions.get(topic.name());
            Config config = configs.get(resource(topic));
            if (description != null && config != null) {
                differences.addAll(differences(topic, description.partitions().size(), config));
            }
        }
        if (!differences.isEmpty()) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "existing topics differ from the catalogue: " + String.join("; ", differences));
        }
    }

    private static List<String> differences(Topic<?, ?> topic, int partitions, Config config) {
        List<String> differences = new ArrayList<>();
        if (partitions != topic.partitions()) {
            differences.add(topic.name() + " has " + partitions + " partitions instead of " + topic.partitions());
        }
        String expected = topic.config().get(TopicConfig.CLEANUP_POLICY_CONFIG);
        ConfigEntry actual = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (actual != null && !actual.value().equals(expected)) {
            differences.add(topic.name() + " has cleanup.policy=" + actual.value() + " instead of " + expected);
        }
        return differences;
    }

    private static ConfigResource resource(Topic<?, ?> topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static PalimpsestException unavailable(Throwable cause) {
        return new PalimpsestException(
                ErrorCode.BROKER_UNAVAILABLE, "the topics cannot be created or read at the broker", cause);
    }
}
