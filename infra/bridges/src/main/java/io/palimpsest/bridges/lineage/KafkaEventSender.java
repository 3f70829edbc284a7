package io.palimpsest.bridges.lineage;

import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineageClient;
import io.openlineage.client.transports.KafkaConfig;
import io.openlineage.client.transports.KafkaTransport;
import io.palimpsest.bridges.BridgeState;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.LineageSettings;
import io.palimpsest.platform.kafka.KafkaClients;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** To a topic, keyed by the client: parts of one run lie in one partition, in their order. */
final class KafkaEventSender implements EventSender {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaEventSender.class);

    private final AwaitedProducer producer;
    private final OpenLineageClient client;
    private final BridgeState state;

    KafkaEventSender(LineageSettings settings, KafkaClients kafka, BridgeState state) {
        Map<String, Object> properties = settings.bootstrapServers()
                .<Map<String, Object>>map(servers -> new HashMap<>(Map.of(
                        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        CommonClientConfigs.CLIENT_ID_CONFIG,
                        LineageBridge.GROUP,
                        ProducerConfig.ACKS_CONFIG,
                        "all")))
                .orElseGet(() -> new HashMap<>(kafka.promptProducer(LineageBridge.GROUP)));
        int timeoutMillis = Math.toIntExact(settings.timeout().toMillis());
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMillis);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMillis);
        this.producer = new AwaitedProducer(properties);
        this.client = new OpenLineageClient(
                new KafkaTransport(producer, new KafkaConfig(settings.topic(), null, new Properties())));
        this.state = state;
    }

    @Override
    public synchronized void send(List<RunEvent> events) { // what was sent is waited for by whom it was sent by
        producer.forget();
        events.forEach(client::emit);
        producer.await(events.size());
        state.taken(events.size());
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (Exception e) {
            LOG.atDebug().setCause(e).log("the lineage client did not close");
        }
    }

    /** The client's transport neither waits for the broker nor says what it failed with. Threading: of one thread. */
    private static final class AwaitedProducer extends KafkaProducer<String, String> {
        private final List<Future<RecordMetadata>> sent = new ArrayList<>();

        AwaitedProducer(Map<String, Object> properties) {
            super(properties, new StringSerializer(), new StringSerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<String, String> record) {
            Future<RecordMetadata> future = super.send(record);
            sent.add(future);
            return future;
        }

        void forget() {
            sent.clear();
        }

        void await(int events) {
            if (sent.size() != events) {
                throw unavailable(null);
            }
            for (Future<RecordMetadata> future : sent) {
                try {
                    RecordMetadata unused = future.get();
                } catch (ExecutionException e) {
                    throw unavailable(e.getCause());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw unavailable(e);
                }
            }
        }

        private static PalimpsestException unavailable(@Nullable Throwable cause) {
            return new PalimpsestException(
                    ErrorCode.LINEAGE_UNAVAILABLE, "the topic of lineage did not take an event", cause);
        }
    }
}
