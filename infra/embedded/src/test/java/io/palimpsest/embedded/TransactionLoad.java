package io.palimpsest.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A broker in a process of its own, with producers that commit one transaction after another until the process is killed.
 * Argument: the broker's directory. Prints the address of the
 * broker when every producer has committed.
 */
final class TransactionLoad {
    static final String TOPIC = "t";
    static final int PRODUCERS = 3;
    private static final String PREFIX = "load-";
    static final String COMMITTING = "committing on ";

    private TransactionLoad() {}

    public static void main(String[] arguments) throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            if (!admin.listTopics().names().get().contains(TOPIC)) {
                admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(1), Optional.empty())))
                        .all()
                        .get();
            }
        }
        CountDownLatch committed = new CountDownLatch(PRODUCERS);
        for (int i = 0; i < PRODUCERS; i++) {
            String id = PREFIX + i;
            Thread.ofPlatform().start(() -> commitForEver(kafka.bootstrapServers(), id, committed));
        }
        committed.await();
        System.out.println(COMMITTING + kafka.bootstrapServers());
        new CountDownLatch(1).await();
    }

    /** Takes the producers' transactional ids over: what they had not promised is aborted. */
    static void fenceAll(String bootstrapServers) {
        for (int i = 0; i < PRODUCERS; i++) {
            try (KafkaProducer<String, String> producer = producer(bootstrapServers, PREFIX + i)) {
                producer.initTransactions();
            }
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrapServers, String transactionalId) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", transactionalId),
                new StringSerializer(),
                new StringSerializer());
    }

    private static void commitForEver(String bootstrapServers, String transactionalId, CountDownLatch committed) {
        try (KafkaProducer<String, String> producer = producer(bootstrapServers, transactionalId)) {
            producer.initTransactions();
            while (true) {
                producer.beginTransaction();
                Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(TOPIC, 0, "key", "value"));
                producer.commitTransaction();
                sent.get();
                committed.countDown();
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
