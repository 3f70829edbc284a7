package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.topic.Topic;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * A group whose lag is told.
 *
 * @param name in the metric: stable, where the group's id changes with model or version
 * @param groupId at the brokers
 */
public record FollowedGroup(String name, String groupId, Kind kind, List<Topic<?, ?>> topics) {
    /** Where the brokers keep its positions. */
    public enum Kind {
        /** Of consumers, and of stream topologies under either protocol. */
        CONSUMER,
        SHARE
    }

    public FollowedGroup {
        topics = List.copyOf(topics);
    }

    /** Of consumers, or of a stream topology. */
    public static FollowedGroup consumers(String name, String groupId, Topic<?, ?>... topics) {
        return new FollowedGroup(name, groupId, Kind.CONSUMER, List.of(topics));
    }

    /** Of share consumers. */
    public static FollowedGroup sharers(String name, String groupId, Topic<?, ?>... topics) {
        return new FollowedGroup(name, groupId, Kind.SHARE, List.of(topics));
    }

    Stream<TopicPartition> partitions() {
        return topics.stream().flatMap(topic -> partitions(topic).stream());
    }

    /** All of a topic: who reads alone needs no group to share them out, and waits for none after a kill. */
    public static List<TopicPartition> partitions(Topic<?, ?> topic) {
        return IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
    }
}
