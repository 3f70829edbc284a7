package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.platform.config.KafkaSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics of the catalogue, and refuses to work on ones that are not as the catalogue says.
 *
 * <p>Ordering and idempotency: may be called at every start, by several processes. Failure:
 * {@link ErrorCode#CONFIG_INVALID} listing every topic that differs so that a law would break, {@link
 * ErrorCode#KAFKA_REFUSED} where they cannot be made; {@link ErrorCode#BROKER_UNAVAILABLE}. Each names the address and what
 * to do. What else differs is a warning.
 */
public final class TopicCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCatalog.class);
    /** Arbitrary. */
    private static final int LOOK_MILLIS = 10_000;

    private final KafkaSettings settings;
    private final List<Topic<?, ?>> topics;
    private final TopicFailure failure;
    private final TopicVerification verification;

    public TopicCatalog(KafkaSettings settings, List<Topic<?, ?>> topics) {
        this.settings = settings;
        this.topics = List.copyOf(topics);
        this.failure = new TopicFailure(settings);
        this.verification = new TopicVerification(settings, this.topics);
    }

    /**
     * A topic that was made though others of the catalogue were there: what it held, if it was there before, is lost.
     *
     * @param id of its new life; zero where this user may make topics, but not see their settings
     */
    public record Missed(Topic<?, ?> topic, Uuid id) {}

    /** Copies that must have a record before it counts as written: one may be away, where there are three or more. */
    public static int minInSync(int replicationFactor) {
        return replicationFactor < 3 ? 1 : replicationFactor - 1;
    }

    /**
     * Returns when every topic is there for clients to use.
     *
     * @return those that it made, unless it made all of them; of several processes at most one is told of each
     */
    public List<Missed> ensure(Admin admin) {
        List<Missed> missed = new ArrayList<>();
        failure.asked(() -> makeMissing(admin, missed::add));
        failure.shown(() -> {
            boolean done = verification.isDone(admin);
            if (!done) { // one that was deleted a moment ago is still listed by brokers that have not heard of it
                makeMissing(admin, missed::add);
            }
            return done;
        });
        return missed;
    }

    private void makeMissing(Admin admin, Consumer<Missed> told) throws ExecutionException, InterruptedException {
        Set<String> existing = admin.listTopics().names().get();
        List<Topic<?, ?>> missing = topics.stream()
                .filter(topic -> !existing.contains(topic.name()))
                .toList();
        if (missing.size() == topics.size()) {
            create(admin, missing, made -> {});
        } else {
            createAgain(admin, missing, told);
        }
    }

    /**
     * Makes these where they are missing.
     *
     * @param told of each as soon as it is made, whatever becomes of the others
     */
    void make(Admin admin, Collection<String> names, Consumer<Missed> told) {
        List<Topic<?, ?>> wanted =
                topics.stream().filter(topic -> names.contains(topic.name())).toList();
        failure.asked(() -> createAgain(admin, wanted, told));
    }

    /**
     * The catalogue against the brokers; a topic that this user may not see counts as there.
     *
     * @param missing names of those that are not there
     * @param lives ids of those that were seen, by name; a topic that is made again has another
     */
    record Look(Set<String> missing, Map<String, Uuid> lives) {}

    Look look(Admin admin) {
        Set<String> missing = new LinkedHashSet<>();
        Map<String, Uuid> lives = new HashMap<>();
        failure.asked(() -> {
            Map<String, KafkaFuture<TopicDescription>> described = admin.describeTopics(
                            topics.stream().map(Topic::name).toList(),
                            new DescribeTopicsOptions().timeoutMs(LOOK_MILLIS))
                    .topicNameValues();
            for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : described.entrySet()) {
                try {
                    lives.put(topic.getKey(), topic.getValue().get().topicId());
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                        missing.add(topic.getKey());
                    } else if (!(e.getCause() instanceof AuthorizationException)) {
                        throw e;
                    }
                }
            }
        });
        return new Look(missing, lives);
    }

    private void createAgain(Admin admin, List<Topic<?, ?>> missing, Consumer<Missed> told)
            throws ExecutionException, InterruptedException {
        create(admin, missing, made -> {
            String topic = made.topic().name();
            LOG.atWarn()
                    .addKeyValue("topic", topic)
                    .log(
                            "topic {} was missing beside others and was made; if it was there before, lost {}",
                            topic,
                            TopicLoss.of(made.topic()));
            told.accept(made);
        });
    }

    /** All that can be made; then the first that could not is told of. */
    private void create(Admin admin, List<Topic<?, ?>> missing, Consumer<Missed> told)
            throws ExecutionException, InterruptedException {
        CreateTopicsResult created = admin.createTopics(missing.stream()
                .map(topic -> new NewTopic(topic.name(), topic.partitions(), settings.replicationFactor())
                        .configs(config(topic)))
                .toList());
        @Nullable PalimpsestException refused = null;
        for (Topic<?, ?> topic : missing) {
            try {
                Objects.requireNonNull(created.values().get(topic.name())).get();
                told.accept(new Missed(topic, id(created, topic)));
            } catch (ExecutionException e) {
                boolean otherWasFaster = e.getCause() instanceof TopicExistsException;
                if (!otherWasFaster && refused == null) {
                    refused = failure.notCreated(topic, config(topic), e);
                }
            }
        }
        if (refused != null) {
            throw refused;
        }
    }

    private static Uuid id(CreateTopicsResult created, Topic<?, ?> topic) throws InterruptedException {
        try {
            return created.topicId(topic.name()).get();
        } catch (ExecutionException e) { // it is told together with the topic's settings
            return Uuid.ZERO_UUID;
        }
    }

    private Map<String, String> config(Topic<?, ?> topic) {
        Map<String, String> config = new HashMap<>(topic.config());
        config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInSync(settings.replicationFactor())));
        return config;
    }
}
