package io.palimpsest.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that are open on a partition of committed offsets although their coordinator has ended them (KIP-664,
 * "find hanging"): after a kill the coordinator may count a marker as written that is not in the log. Nobody else would
 * ever end them, and their group could never read its offsets again. The offsets are lost with them, so their group reads
 * some records again: our readers take records twice.
 *
 * <p>For the start of the broker, before any producer of this life. What is open at its coordinator is left to it; a
 * coordinator that does not know a producer yet has not loaded, and is waited for.
 */
final class HangingTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final String OFFSETS = "__consumer_offsets";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Set<TransactionState> PREPARED =
            EnumSet.of(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);
    private static final Set<TransactionState> ENDED =
            EnumSet.of(TransactionState.EMPTY, TransactionState.COMPLETE_COMMIT, TransactionState.COMPLETE_ABORT);

    private final Admin admin;

    HangingTransactions(Admin admin) {
        this.admin = admin;
    }

    private record Open(TopicPartition partition, ProducerState producer) {}

    /** @return how many were ended */
    int end() throws ExecutionException, InterruptedException {
        List<TopicPartition> partitions = partitions();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int ended = 0;
        while (System.nanoTime() < deadline) {
            Map<Long, TransactionState> coordinated = admin.listTransactions().all().get().stream()
                    .collect(Collectors.toMap(
                            TransactionListing::producerId, TransactionListing::state, (first, second) -> second));
            List<Open> open = open(partitions);
            boolean decided = coordinated.values().stream().noneMatch(PREPARED::contains)
                    && open.stream()
                            .allMatch(each ->
                                    coordinated.containsKey(each.producer().producerId()));
            if (decided) {
                for (Open each : open) {
                    if (ENDED.contains(coordinated.get(each.producer().producerId()))) {
                        ended += abort(each);
                    }
                }
                return ended;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        LOG.atWarn().log("some transactions of the broker's last life are undecided after {}", PATIENCE);
        return ended;
    }

    private List<Open> open(List<TopicPartition> partitions) throws ExecutionException, InterruptedException {
        Map<TopicPartition, PartitionProducerState> states =
                admin.describeProducers(partitions).all().get();
        List<Open> open = new ArrayList<>();
        states.forEach((partition, state) -> state.activeProducers().stream()
                .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                .forEach(producer -> open.add(new Open(partition, producer))));
        return open;
    }

    private int abort(Open open) throws ExecutionException, InterruptedException {
        LOG.atWarn()
                .addKeyValue("topic", open.partition().topic())
                .addKeyValue("partition", open.partition().partition())
                .log("ending a transaction that a killed process left open");
        try {
            admin.abortTransaction(new AbortTransactionSpec(
                            open.partition(),
                            open.producer().producerId(),
                            (short) open.producer().producerEpoch(),
                            open.producer().coordinatorEpoch().orElse(0)))
                    .all()
                    .get();
            return 1;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvalidProducerEpochException) { // its marker came after all
                return 0;
            }
            throw e;
        }
    }

    private List<TopicPartition> partitions() throws ExecutionException, InterruptedException {
        if (!admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get()
                .contains(OFFSETS)) {
            return List.of();
        }
        return admin.describeTopics(List.of(OFFSETS)).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream().map(p -> new TopicPartition(topic.name(), p.partition())))
                .toList();
    }
}
