package io.palimpsest.embedded;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that are open on a partition while their coordinator knows nothing of them any more (KIP-664, "find
 * hanging"). A kill of broker and producers in one JVM can leave one; nobody would ever end it, and a group whose offsets
 * it holds could never read them again.
 *
 * <p>Only for the start of the broker, before any producer of this life: what the coordinator still has to commit or abort
 * is left to it.
 */
final class HangingTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final Set<TransactionState> COORDINATED =
            Set.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    private HangingTransactions() {}

    /** @return how many were aborted */
    static int abort(Admin admin) throws ExecutionException, InterruptedException {
        Set<Long> coordinated = admin.listTransactions().all().get().stream()
                .filter(listing -> COORDINATED.contains(listing.state()))
                .map(TransactionListing::producerId)
                .collect(Collectors.toSet());
        Map<TopicPartition, PartitionProducerState> states =
                admin.describeProducers(partitions(admin)).all().get();
        int aborted = 0;
        for (Map.Entry<TopicPartition, PartitionProducerState> partition : states.entrySet()) {
            for (ProducerState producer : partition.getValue().activeProducers()) {
                if (producer.currentTransactionStartOffset().isPresent()
                        && !coordinated.contains(producer.producerId())) {
                    LOG.atWarn()
                            .addKeyValue("topic", partition.getKey().topic())
                            .addKeyValue("partition", partition.getKey().partition())
                            .log("aborting a transaction that a killed process left open");
                    admin.abortTransaction(new AbortTransactionSpec(
                                    partition.getKey(),
                                    producer.producerId(),
                                    (short) producer.producerEpoch(),
                                    producer.coordinatorEpoch().orElse(0)))
                            .all()
                            .get();
                    aborted++;
                }
            }
        }
        return aborted;
    }

    private static List<TopicPartition> partitions(Admin admin) throws ExecutionException, InterruptedException {
        Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get();
        Collection<TopicDescription> described =
                admin.describeTopics(topics).allTopicNames().get().values();
        return described.stream()
                .flatMap(topic -> topic.partitions().stream().map(p -> new TopicPartition(topic.name(), p.partition())))
                .toList();
    }
}
