package io.palimpsest.bench;

import io.palimpsest.testkit.engine.KafkaEngine;
import io.palimpsest.testkit.engine.PostgresEngine;
import io.palimpsest.testkit.engine.WeaviateEngine;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Kafka, PostgreSQL and Weaviate, empty: those that the test kit's variables name, otherwise in containers. */
record RealEngines(KafkaEngine kafka, PostgresEngine postgres, PostgresEngine database, WeaviateEngine weaviate)
        implements AutoCloseable {

    static RealEngines start() throws SQLException {
        PostgresEngine postgres = PostgresEngine.start();
        return new RealEngines(KafkaEngine.start(), postgres, postgres.newDatabase(), WeaviateEngine.start());
    }

    /** Of a server that uses them, with an index of its own in Weaviate. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.putAll(kafka.settings());
        settings.putAll(database.settings());
        settings.putAll(weaviate.settings("B" + UUID.randomUUID().toString().substring(0, 8)));
        return settings;
    }

    @Override
    public void close() {
        kafka.close();
        postgres.close();
        weaviate.close();
    }
}
