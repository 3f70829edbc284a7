package io.palimpsest.retrain.drift;

import io.palimpsest.contracts.event.FeedbackGiven;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.config.HttpSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.http.ApiServer;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.security.KeyEntry;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Drift with an embedded broker, SQLite and HTTP, under one directory; may be started on the same one again. */
final class DriftHouse implements AutoCloseable {
    static final String OPERATOR = "the-operators-key";
    static final String SEARCHER = "the-searchers-key";

    final Database database;
    final DriftApp app;
    final ApiServer server;
    final List<LedgerEntry> ledger = new CopyOnWriteArrayList<>();
    final List<DriftAlarm> alarms = new CopyOnWriteArrayList<>();

    private final EmbeddedKafka broker;
    private final KafkaClients kafka;
    private final Telemetry telemetry = Telemetry.local();
    private final HttpClient client = HttpClient.newHttpClient();

    DriftHouse(Path dataDir, Map<String, String> given) throws Exception {
        Map<String, String> all = new HashMap<>(given);
        all.put("data.dir", dataDir.toString());
        Settings settings = Settings.load(all);
        broker = EmbeddedKafka.start(dataDir.resolve("kafka"), 0);
        kafka = new KafkaClients(settings.kafka().at(broker.bootstrapServers()));
        try (Admin admin = Admin.create(kafka.common("test-admin"))) {
            new TopicCatalog(kafka.settings(), Topics.all()).ensure(admin);
        }
        database = Database.open(settings.database());
        Health health = new Health();
        app = DriftApp.of(
                new DriftApp.Platform(
                        settings,
                        kafka,
                        database.sql(),
                        telemetry,
                        health,
                        new LedgerEntries(new byte[32]),
                        ledger::add,
                        Clock.systemUTC(),
                        "0"),
                alarms::add);
        server = new ApiServer(HttpSettings.anyPort(), keys(), telemetry, health, List.of(app.routes()), refused -> {})
                .start();
        app.start();
    }

    void query(QueryServed query) {
        send(Topics.QUERY_SERVED, query.collection().toString(), query);
    }

    void feedback(FeedbackGiven given) {
        send(Topics.FEEDBACK_GIVEN, given.collection().toString(), given);
    }

    private <V> void send(Topic<String, V> topic, String key, V value) {
        try (KafkaProducer<String, V> producer = new KafkaProducer<>(
                kafka.producer("test"), topic.key().serializer(), topic.value().serializer())) {
            var unused = producer.send(new ProducerRecord<>(topic.name(), key, value));
        }
    }

    /** One producer for many. */
    void queries(List<QueryServed> queries) {
        try (KafkaProducer<String, QueryServed> producer = new KafkaProducer<>(
                kafka.producer("test"),
                Topics.QUERY_SERVED.key().serializer(),
                Topics.QUERY_SERVED.value().serializer())) {
            for (QueryServed query : queries) {
                var unused = producer.send(new ProducerRecord<>(
                        Topics.QUERY_SERVED.name(), query.collection().toString(), query));
            }
        }
    }

    HttpResponse<String> get(String path, String key) throws Exception {
        return client.send(request(path, key).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String key, String body) throws Exception {
        return client.send(
                request(path, key)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", "Bearer " + key);
    }

    @Override
    public void close() throws Exception {
        client.close();
        server.close();
        app.close();
        database.close();
        telemetry.close();
        broker.close();
    }

    private static ApiKeys keys() {
        return ApiKeys.of(List.of(
                new KeyEntry(
                        ContentHash.ofText(OPERATOR),
                        new TenantId("acme"),
                        "operator",
                        List.of("*"),
                        List.of(Role.OPERATE),
                        null),
                new KeyEntry(
                        ContentHash.ofText(SEARCHER),
                        new TenantId("acme"),
                        "searcher",
                        List.of("*"),
                        List.of(Role.SEARCH),
                        null)));
    }
}
