package io.palimpsest.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.Json;
import io.palimpsest.testkit.engine.PostgresEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Debezium's embedded engine on a table of PostgreSQL, its events sent to Kafka as Kafka Connect would. */
final class DebeziumRun implements AutoCloseable {
    private final DebeziumEngine<ChangeEvent<String, String>> engine;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    /**
     * What the engine is told.
     *
     * @param offsets file in which it keeps its position
     * @param schemas whether key and value carry theirs
     */
    record Connector(PostgresEngine postgres, String table, Path offsets, boolean schemas) {
        String topic() {
            return "cms.public." + table;
        }
    }

    DebeziumRun(Connector connector, Producer<byte[], byte[]> producer) {
        engine = DebeziumEngine.create(Json.class)
                .using(properties(connector))
                .notifying((events, committer) -> {
                    for (ChangeEvent<String, String> event : events) {
                        requireForm(connector, event);
                        send(producer, event);
                        committer.markProcessed(event);
                    }
                    committer.markBatchFinished();
                })
                .build();
        thread.execute(engine);
    }

    /** The test would otherwise show less than it says. */
    private static void requireForm(Connector connector, ChangeEvent<String, String> event) {
        if (event.value() != null && event.value().startsWith("{\"schema\":") != connector.schemas()) {
            throw new IllegalStateException("an event comes in the other form");
        }
    }

    private static void send(Producer<byte[], byte[]> producer, ChangeEvent<String, String> event)
            throws InterruptedException {
        try {
            producer.send(new ProducerRecord<>(event.destination(), bytes(event.key()), bytes(event.value())))
                    .get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("not sent to " + event.destination(), e);
        }
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }

    private static Properties properties(Connector connector) {
        PostgresEngine postgres = connector.postgres();
        Properties properties = new Properties();
        properties.setProperty("name", "cms-" + connector.table());
        properties.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
        properties.setProperty(
                "offset.storage.file.filename", connector.offsets().toString());
        properties.setProperty("offset.flush.interval.ms", "0");
        properties.setProperty("topic.prefix", "cms");
        properties.setProperty("database.hostname", postgres.host());
        properties.setProperty("database.port", Integer.toString(postgres.port()));
        properties.setProperty("database.dbname", postgres.database());
        properties.setProperty("database.user", postgres.user());
        properties.setProperty("database.password", postgres.password());
        properties.setProperty("plugin.name", "pgoutput");
        properties.setProperty("slot.name", "slot_" + connector.table());
        properties.setProperty("publication.name", "publication_" + connector.table());
        properties.setProperty("publication.autocreate.mode", "filtered");
        properties.setProperty("table.include.list", "public." + connector.table());
        properties.setProperty("skipped.operations", "none");
        for (String prefix : List.of("", "key.", "value.")) {
            properties.setProperty(prefix + "converter.schemas.enable", Boolean.toString(connector.schemas()));
        }
        return properties;
    }

    @Override
    public void close() throws IOException {
        engine.close();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Debezium does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
