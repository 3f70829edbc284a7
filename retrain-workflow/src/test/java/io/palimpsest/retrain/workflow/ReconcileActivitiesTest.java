package io.palimpsest.retrain.workflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.retrain.workflow.ReconcileActivities.Compared;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a stand-in of the ingest service. */
@SuppressWarnings("NullAway.Init") // set before each test
final class ReconcileActivitiesTest {
    private static final ReconcileRequest REQUEST = ReconcileWorkflowTest.request();

    @TempDir
    private Path folder;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final TestActivityEnvironment environment = TestActivityEnvironment.newInstance();
    private Database database;
    private HttpServer ingest;
    private ReconcileActivities activities;
    private final AtomicInteger looksUntilTheEnd = new AtomicInteger(2);

    @BeforeEach
    void open() throws IOException {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("runs.db")));
        ingest = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ingest.createContext("/", this::answer);
        ingest.start();
        URI base = URI.create("http://127.0.0.1:" + ingest.getAddress().getPort());
        environment.registerActivitiesImplementations(new ReconcileActivitiesImpl(
                new SourcesApi(HttpClient.newHttpClient(), () -> new IndexApi.Access(base, "key")),
                new Runs(database.sql(), InstantSource.system()),
                new LedgerEntries(new byte[32]),
                entry -> {},
                InstantSource.system()));
        activities = environment.newActivityStub(ReconcileActivities.class);
    }

    @AfterEach
    void close() {
        ingest.stop(0);
        environment.close();
        database.close();
    }

    @Test
    void sourceIsFollowedToItsEndUnderOneId() {
        Compared end = activities.compare(REQUEST, "s3:a b");
        Compared again = activities.compare(REQUEST, "s3:a b");

        assertThat(end).isEqualTo(new Compared("s3:a b", 1, 2, 9, 0, "PAL-845")).isEqualTo(again);
        String id = SourcesApi.reconciliation("r1", "s3:a b");
        assertThat(calls.getFirst())
                .startsWith("POST /v1/sources/s3%3Aa%20b/reconcile")
                .contains("\"" + id + "\"");
        assertThat(calls.stream().filter(call -> call.startsWith("GET"))).containsOnly("GET /v1/reconciliations/" + id);
    }

    @Test
    void cancellationReachesTheIngestService() {
        looksUntilTheEnd.set(Integer.MAX_VALUE);
        environment.requestCancelActivity();

        assertThatThrownBy(() -> activities.compare(REQUEST, "folder")).isNotNull();

        assertThat(calls).contains("POST /v1/reconciliations/" + SourcesApi.reconciliation("r1", "folder") + "/cancel");
    }

    @Test
    void onlySourcesOfTheCollectionAreCompared() {
        assertThat(activities.sources(REQUEST)).containsExactly("folder", "s3:docs");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        calls.add((exchange.getRequestMethod() + " " + path + " " + body).strip());
        String answer = path.equals("/v1/sources")
                ? "{\"sources\":[" + source("s3:docs", "handbook") + "," + source("folder", "handbook") + ","
                        + source("folder:other", "other") + "]}"
                : "{\"report\":{\"listed\":40,\"missing\":1,\"changed\":2,\"gone\":9,\"published\":0}"
                        + (looksUntilTheEnd.getAndDecrement() > 0
                                ? "}"
                                : ",\"errorCode\":\"PAL-845\",\"endedAt\":\"2026-11-22T03:00:05Z\"}");
        byte[] bytes = answer.getBytes(UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String source(String name, String collection) {
        return "{\"name\":\"" + name + "\",\"tenant\":\"acme\",\"collection\":\"" + collection + "\"}";
    }
}
