package io.palimpsest.ingest.work;

import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A worker in a process of its own that takes records and never ends them, to be killed. Argument: the broker. */
final class HoldingWorker {
    static final String HOLDS = "holds ";

    private HoldingWorker() {}

    public static void main(String[] arguments) throws InterruptedException {
        KafkaClients kafka = new KafkaClients(Settings.load(Map.of()).kafka().at(arguments[0]));
        try (KafkaShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(
                kafka.shareConsumer("holding", Lane.SMALL.group()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Lane.SMALL.topic().name()));
            int held = 0;
            while (held == 0) {
                held = consumer.poll(Duration.ofMillis(500)).count();
            }
            System.out.println(HOLDS + held);
            new CountDownLatch(1).await();
        }
    }
}
