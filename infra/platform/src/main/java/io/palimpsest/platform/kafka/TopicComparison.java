package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * How topics that exist differ from the catalogue.
 *
 * @param lawless what would break a law: order within a document, or the state of the corpus
 * @param doubtful what may be meant, or costs safety
 */
record TopicComparison(List<String> lawless, List<String> doubtful) {
    TopicComparison() {
        this(new ArrayList<>(), new ArrayList<>());
    }

    /** @param config null where the user may not see it */
    void add(Topic<?, ?> topic, TopicDescription found, @Nullable Config config, short replicas, String minInSync) {
        int partitions = found.partitions().size();
        if (partitions != topic.partitions()) {
            lawless.add(topic.name() + " has " + partitions + " partitions instead of " + topic.partitions());
        }
        int least = found.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        if (least < replicas) {
            doubtful.add(topic.name() + " has " + least + " copies instead of " + replicas);
        }
        if (config == null) {
            return;
        }
        topic.config().forEach((key, expected) -> {
            String actual = value(config, key);
            if (!expected.equals(actual)) {
                String difference = topic.name() + " has " + key + "=" + actual + " instead of " + expected;
                if (key.equals(TopicConfig.CLEANUP_POLICY_CONFIG)) {
                    lawless.add(difference);
                } else if (isLess(actual, expected)) {
                    doubtful.add(difference);
                }
            }
        });
        String inSync = value(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
        if (isLess(inSync, minInSync)) {
            doubtful.add(topic.name() + " has " + TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG + "=" + inSync
                    + " instead of " + minInSync);
        }
    }

    private static String value(Config config, String key) {
        ConfigEntry entry = config.get(key);
        return entry == null || entry.value() == null ? "" : entry.value();
    }

    /** Keeping more, or for ever (-1), harms nobody. */
    private static boolean isLess(String actual, String expected) {
        try {
            long value = Long.parseLong(actual);
            return value >= 0 && value < Long.parseLong(expected);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
