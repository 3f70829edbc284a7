package io.palimpsest.platform.kafka;

import io.palimpsest.platform.kafka.ConsumerLag.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lag of groups: in four requests, however many groups and partitions. A group without a position is behind by all
 * there is, for that is where it begins.
 */
final class LagReading {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Admin admin;
    private final List<FollowedGroup> groups;

    /**
     * How far a group is.
     *
     * @param lag as the broker counts it, which knows what a share group has done beyond its start; null: it does not say
     */
    private record Reached(long nextOffset, @Nullable Long lag) {
        private static final Reached NOTHING = new Reached(0, null);

        long lag(long begin, long end) {
            return lag != null ? lag : Math.max(0, end - Math.max(begin, nextOffset));
        }
    }

    LagReading(Admin admin, List<FollowedGroup> groups) {
        this.admin = admin;
        this.groups = List.copyOf(groups);
    }

    Map<Place, Double> read() throws ExecutionException, InterruptedException {
        Map<String, ListConsumerGroupOffsetsSpec> consumers = new HashMap<>();
        Map<String, ListShareGroupOffsetsSpec> sharers = new HashMap<>();
        for (FollowedGroup group : groups) {
            switch (group.kind()) {
                case CONSUMER ->
                    consumers.put(
                            group.groupId(),
                            new ListConsumerGroupOffsetsSpec()
                                    .topicPartitions(group.partitions().toList()));
                case SHARE ->
                    sharers.put(
                            group.groupId(),
                            new ListShareGroupOffsetsSpec()
                                    .topicPartitions(group.partitions().toList()));
            }
        }
        Set<TopicPartition> partitions =
                groups.stream().flatMap(FollowedGroup::partitions).collect(Collectors.toSet());
        // Positions first: they must not be ahead of the ends.
        ListConsumerGroupOffsetsResult consumed = admin.listConsumerGroupOffsets(
                consumers, new ListConsumerGroupOffsetsOptions().timeoutMs(TIMEOUT_MILLIS));
        ListShareGroupOffsetsResult shared =
                admin.listShareGroupOffsets(sharers, new ListShareGroupOffsetsOptions().timeoutMs(TIMEOUT_MILLIS));
        Map<String, Map<TopicPartition, Reached>> positions = new HashMap<>();
        for (FollowedGroup group : groups) {
            positions.put(
                    group.groupId(),
                    switch (group.kind()) {
                        case CONSUMER -> consumed(consumed, group.groupId());
                        case SHARE -> shared(shared, group.groupId());
                    });
        }
        return lags(positions, ends(partitions, OffsetSpec.earliest()), ends(partitions, OffsetSpec.latest()));
    }

    private Map<Place, Double> lags(
            Map<String, Map<TopicPartition, Reached>> positions,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends) {
        Map<Place, Double> lags = new HashMap<>();
        for (FollowedGroup group : groups) {
            Map<TopicPartition, Reached> reached = positions.getOrDefault(group.groupId(), Map.of());
            group.partitions().forEach(partition -> {
                long lag = reached.getOrDefault(partition, Reached.NOTHING)
                        .lag(begins.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L));
                lags.merge(new Place(group.name(), partition.topic()), (double) lag, Double::sum);
            });
        }
        return lags;
    }

    private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> ends = new HashMap<>();
        // Of what was committed: nobody is behind with an open transaction.
        for (Map.Entry<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> end : admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which)),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(TIMEOUT_MILLIS))
                .all()
                .get()
                .entrySet()) {
            ends.put(end.getKey(), end.getValue().offset());
        }
        return ends;
    }

    private static Map<TopicPartition, Reached> consumed(ListConsumerGroupOffsetsResult result, String groupId)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Reached> positions = new HashMap<>();
        try {
            result.partitionsToOffsetAndMetadata(groupId)
                    .get()
                    .forEach((TopicPartition partition, @Nullable OffsetAndMetadata position) -> {
                        if (position != null) {
                            positions.put(partition, new Reached(position.offset(), null));
                        }
                    });
        } catch (ExecutionException e) {
            requireUnknown(e);
        }
        return positions;
    }

    private static Map<TopicPartition, Reached> shared(ListShareGroupOffsetsResult result, String groupId)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Reached> positions = new HashMap<>();
        try {
            result.partitionsToOffsetInfo(groupId)
                    .get()
                    .forEach((TopicPartition partition, @Nullable SharePartitionOffsetInfo position) -> {
                        if (position != null) {
                            positions.put(
                                    partition,
                                    new Reached(
                                            position.startOffset(),
                                            position.lag().orElse(null)));
                        }
                    });
        } catch (ExecutionException e) {
            requireUnknown(e);
        }
        return positions;
    }

    /** A group that never had a member is not there yet. */
    private static void requireUnknown(ExecutionException e) throws ExecutionException {
        if (!(e.getCause() instanceof GroupIdNotFoundException)) {
            throw e;
        }
    }
}
