package io.palimpsest.ingest;

import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Says that every revision is indexed, and remembers the newest of each document. */
final class InstantIndexer implements AutoCloseable {
    final Map<DocumentKey, DocumentRevised> revisions = new ConcurrentHashMap<>();
    /** The change of each record, by its place in the topic. */
    final Map<String, ChangeId> records = new ConcurrentHashMap<>();

    private final Thread thread;
    private volatile boolean closing;

    InstantIndexer(KafkaClients kafka) {
        thread = Thread.ofPlatform().daemon().start(() -> run(kafka));
    }

    private void run(KafkaClients kafka) {
        try (KafkaConsumer<DocumentKey, DocumentRevised> in = new KafkaConsumer<>(
                        kafka.consumer("test-indexer", "test-indexer"),
                        Topics.REVISED.key().deserializer(),
                        Topics.REVISED.value().deserializer());
                KafkaProducer<DocumentKey, DocumentIndexed> out = new KafkaProducer<>(
                        kafka.producer("test-indexer"),
                        Topics.INDEXED.key().serializer(),
                        Topics.INDEXED.value().serializer())) {
            in.subscribe(List.of(Topics.REVISED.name()));
            while (!closing) {
                for (ConsumerRecord<DocumentKey, DocumentRevised> record : in.poll(Duration.ofMillis(100))) {
                    DocumentRevised revised = record.value();
                    revisions.put(revised.key(), revised);
                    records.put(record.partition() + "/" + record.offset(), revised.changeId());
                    Future<RecordMetadata> unused =
                            out.send(new ProducerRecord<>(Topics.INDEXED.name(), revised.key(), indexed(revised)));
                }
            }
        }
    }

    private static DocumentIndexed indexed(DocumentRevised revised) {
        return new DocumentIndexed(
                revised.key(),
                new GenerationId("g1"),
                new ModelId("test"),
                revised.revision(),
                revised.version(),
                revised.changeId(),
                revised.source(),
                revised.state() == DocumentRevised.State.LIVE,
                revised.passageCount(),
                revised.passageCount(),
                0,
                revised.receivedAt(),
                Instant.now(),
                null);
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        thread.join(5_000);
    }
}
