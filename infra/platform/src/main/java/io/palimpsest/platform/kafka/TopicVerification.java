package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.platform.config.KafkaSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether topics that exist are as the catalogue says. */
record TopicVerification(KafkaSettings settings, List<Topic<?, ?>> topics) {
    private static final Logger LOG = LoggerFactory.getLogger(TopicVerification.class);

    /**
     * False while a broker is asked that does not know of a new topic yet: each request goes to any of them.
     *
     * @throws PalimpsestException {@link ErrorCode#CONFIG_INVALID} listing every topic that differs so that a law would break
     */
    boolean isDone(Admin admin) throws ExecutionException, InterruptedException {
        try {
            tell(compared(admin));
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private TopicComparison compared(Admin admin) throws ExecutionException, InterruptedException {
        Map<String, TopicDescription> descriptions = admin.describeTopics(
                        topics.stream().map(Topic::name).toList())
                .allTopicNames()
                .get();
        Map<ConfigResource, Config> configs = configs(admin);
        short replicas = settings.replicationFactor();
        String minInSync = Integer.toString(TopicCatalog.minInSync(replicas));
        TopicComparison comparison = new TopicComparison();
        for (Topic<?, ?> topic : topics) {
            TopicDescription description = descriptions.get(topic.name());
            if (description != null) {
                comparison.add(topic, description, configs.get(resource(topic)), replicas, minInSync);
            }
        }
        return comparison;
    }

    private void tell(TopicComparison comparison) {
        if (!comparison.doubtful().isEmpty()) {
            LOG.atWarn()
                    .log(
                            "existing topics at {} are less safe than the settings say: {}",
                            settings.bootstrapServers(),
                            String.join("; ", comparison.doubtful()));
        }
        if (!comparison.lawless().isEmpty()) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "topics of Kafka at " + settings.bootstrapServers() + " differ from the catalogue: "
                            + String.join("; ", comparison.lawless())
                            + ": set cleanup.policy back; a topic with another number of partitions stands for another"
                            + " system or was made by hand: use other brokers, or delete it once nobody needs what it holds");
        }
    }

    /** Without those that the user may not see. */
    private Map<ConfigResource, Config> configs(Admin admin) throws ExecutionException, InterruptedException {
        Map<ConfigResource, Config> configs = new HashMap<>();
        for (var asked : admin.describeConfigs(
                        topics.stream().map(TopicVerification::resource).toList())
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
}
