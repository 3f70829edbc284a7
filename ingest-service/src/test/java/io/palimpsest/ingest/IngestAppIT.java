package io.palimpsest.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.topic.Topics;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class IngestAppIT extends IngestCalls {
    private Path folder;
    private Path files;
    private HttpServer web;
    private final AtomicInteger flakyRequests = new AtomicInteger();

    @BeforeAll
    void open(@TempDir Path dir) throws Exception {
        folder = Files.createDirectory(dir.resolve("watched"));
        files = Files.createDirectory(dir.resolve("files"));
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/missing", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        web.createContext("/flaky", exchange -> {
            byte[] body = "fetched at the second attempt".getBytes(UTF_8);
            boolean fail = flakyRequests.incrementAndGet() < 2;
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.sendResponseHeaders(fail ? 503 : 200, fail ? -1 : body.length);
            if (!fail) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        web.start();
        Map<String, String> settings = new HashMap<>(Map.of(
                "folder.watch", folder.toString(),
                "folder.rescan.ms", "60000",
                "fetch.allowed.roots", files.toString(),
                "fetch.allowed.hosts", "127.0.0.1,localhost",
                "fetch.allow.private.addresses", "true",
                "intake.max.inline.bytes", "65536",
                "extract.workers", "1",
                "extract.max.deliveries", "2"));
        settings.putAll(database());
        house = new IngestHouse(dir.resolve("data"), settings);
    }

    /** Settings of the database; none for SQLite. */
    Map<String, String> database() {
        return Map.of();
    }

    @AfterAll
    void close() throws Exception {
        if (house != null) {
            house.close();
        }
        web.stop(0);
    }

    @Test
    void aStructuredChangeIsExtractedIndexedAndTimed() throws Exception {
        JsonNode receipt = publish(
                event(
                        "urn:structured",
                        "io.palimpsest.document.created",
                        "{\"content\":\"One.\\n\\nTwo.\",\"contentType\":\"text/markdown\"}"),
                202);
        JsonNode change = ended(receipt.get("changeId").asText());
        assertThat(change.get("state").asText()).isEqualTo("INDEXED");
        assertThat(change.get("passages").asInt()).isEqualTo(2);
        assertThat(change.get("durations").get("totalMs").asLong()).isPositive();

        JsonNode timeline = get("/v1/documents/timeline?id=" + URLEncoder.encode("urn:structured", UTF_8), 200);
        assertThat(timeline.get("document").get("state").asText()).isEqualTo("LIVE");
        assertThat(timeline.get("changes")).hasSize(1);
        assertThat(get("/v1/documents/urn:structured/timeline", 200)).isEqualTo(timeline);
        assertThat(get("/v1/documents?prefix=urn:struct&limit=10", 200).get("documents"))
                .hasSize(1);
    }

    @Test
    void binaryModeTakesTheBodyAsContent() throws Exception {
        HttpResponse<String> response = client.send(
                request("/v1/changes")
                        .header("Content-Type", "text/plain; charset=utf-8")
                        .header("ce-specversion", "1.0")
                        .header("ce-id", "binary-1")
                        .header("ce-source", "/test")
                        .header("ce-type", "io.palimpsest.document.created")
                        .header("ce-subject", "urn:binary")
                        .header("ce-title", "A title")
                        .POST(HttpRequest.BodyPublishers.ofString("Plain text."))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        ended(json(response).get("changeId").asText());
        assertThat(revision("urn:binary").title()).isEqualTo("A title");
    }

    @Test
    void aBatchIsAnsweredEventByEvent() throws Exception {
        String body = "[" + event("urn:batch", "io.palimpsest.document.created", "{\"content\":\"a\"}") + ","
                + event("urn:batch", "io.palimpsest.document.exploded", "{}") + "]";
        JsonNode answers = post("application/cloudevents-batch+json", body.getBytes(UTF_8), 202);
        assertThat(answers.get(0).get("changeId").asText()).hasSize(32);
        assertThat(answers.get(1).get("code").asText()).isEqualTo("PAL-102");
    }

    @Test
    void aBulkStreamIsAnsweredLineByLineAndGoesOnAfterBadLines() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            lines.add(event(
                    "urn:bulk/" + i,
                    "io.palimpsest.document.created",
                    "{\"content\":\"text " + i + "\",\"contentType\":\"text/markdown\"}"));
        }
        lines.add(7, "not an event");
        lines.add(9, "{\"data\":\"" + "x".repeat(400_000) + "\"}");
        HttpResponse<String> response = client.send(
                request("/v1/changes")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(HttpRequest.BodyPublishers.ofString(String.join("\n", lines)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        String[] answers = response.body().split("\n", -1);
        assertThat(Json.mapper().readTree(answers[7]).get("code").asText()).isEqualTo("PAL-101");
        assertThat(Json.mapper().readTree(answers[9]).get("code").asText()).isEqualTo("PAL-105");
        assertThat(Json.mapper().readTree(answers[301]).get("line").asInt()).isEqualTo(302);
        assertThat(ended(Json.mapper().readTree(answers[301]).get("changeId").asText())
                        .get("state")
                        .asText())
                .isEqualTo("INDEXED");
    }

    @Test
    void aSlowSenderOfABulkStreamGetsEachAnswerBeforeItSendsTheNextLine() throws Exception {
        URI address = URI.create(house.server.address());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            out.write(("POST /v1/changes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                            + "Authorization: Bearer " + IngestHouse.KEY + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(UTF_8));
            for (int line = 1; line <= 3; line++) {
                String event =
                        event("urn:slow/" + line, "io.palimpsest.document.created", "{\"content\":\"x\"}") + "\n";
                out.write((Integer.toHexString(event.length()) + "\r\n" + event + "\r\n").getBytes(UTF_8));
                out.flush();
                String answer = in.readLine();
                while (answer != null && !answer.startsWith("{")) {
                    answer = in.readLine(); // status, headers, lengths of chunks
                }
                assertThat(Json.mapper().readTree(answer).path("line").asInt()).isEqualTo(line);
                assertThat(Json.mapper().readTree(answer).path("changeId").asText())
                        .hasSize(32);
            }
            out.write("0\r\n\r\n".getBytes(UTF_8));
        }
    }

    @Test
    void badRequestsAreRefusedWithTheirCodes() throws Exception {
        String fine = "{\"content\":\"x\"}";
        String created = "io.palimpsest.document.created";
        refused("{", "PAL-101");
        refused("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/t\",\"type\":\"" + created + "\"}", "PAL-101");
        refused(event("urn:x", "io.palimpsest.document.exploded", fine), "PAL-102");
        refused(event("urn:x", created, fine).replace("\"data\"", "\"collection\":\"nowhere\",\"data\""), "PAL-103");
        refused(event("urn:x", created, fine).replace("\"data\"", "\"sequence\":\"soon\",\"data\""), "PAL-101");
        refused(event("urn:x", created, "{}"), "PAL-104");
        refused(event("urn:x", created, "{\"content\":\"x\",\"reference\":\"https://example.org/\"}"), "PAL-104");
        refused(event("urn:x", created, "{\"contentBase64\":\"%%%\"}"), "PAL-104");
        refused(event("urn:x", created, "{\"content\":\"x\",\"access\":[\"everybody\"]}"), "PAL-104");
        refused(event("urn:x", created, "{\"content\":\"" + "x".repeat(70_000) + "\"}"), "PAL-105");
        byte[] broken = event("urn:x", created, "{\"content\":\"?\"}").getBytes(UTF_8);
        for (int i = 0; i < broken.length; i++) {
            broken[i] = broken[i] == '?' ? (byte) 0xC3 : broken[i];
        }
        JsonNode problem = post("application/cloudevents+json", broken, 400);
        assertThat(problem.get("code").asText()).isEqualTo("PAL-107");
    }

    @Test
    void referencesThatFailEndInQuarantineWithTheirCodes() throws Exception {
        int port = web.getAddress().getPort();
        quarantined("urn:forbidden", "file:///etc/passwd", "PAL-201");
        quarantined("urn:no-file", files.resolve("absent.txt").toUri().toString(), "PAL-203");
        quarantined("urn:404", "http://127.0.0.1:" + port + "/missing", "PAL-203");
        JsonNode entries = get("/v1/quarantine", 200).get("entries");
        assertThat(entries.findValuesAsText("document")).contains("urn:forbidden", "urn:no-file", "urn:404");
    }

    @Test
    void aWatchedFolderIsNoPlaceToReferTo() throws Exception {
        Path shown = Files.writeString(folder.resolve("shown.txt"), "what the folder's own tenant may read");
        Path hidden = Files.writeString(folder.resolve(".hidden.txt"), "what nobody may read");
        until(() -> isLive("folder:shown.txt"));
        for (Path file : List.of(shown, hidden)) {
            String uri = file.toUri().toString();
            quarantined("urn:own-" + file.getFileName(), uri, "PAL-201");
            String stolen = "urn:stolen-" + file.getFileName();
            // As the folder source would name it: what a source calls itself opens nothing.
            String event = event(stolen, "io.palimpsest.document.created", "{\"reference\":\"" + uri + "\"}")
                    .replace("\"source\":\"/test\"", "\"source\":\"folder:x\"");
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(house.server.address() + "/v1/changes"))
                            .header("Authorization", "Bearer " + IngestHouse.OTHER_KEY)
                            .header("Content-Type", "application/cloudevents+json")
                            .POST(HttpRequest.BodyPublishers.ofString(event))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
            String change = json(response).get("changeId").asText();
            until(() -> {
                HttpResponse<String> ended = client.send(
                        HttpRequest.newBuilder(URI.create(house.server.address() + "/v1/changes/" + change))
                                .header("Authorization", "Bearer " + IngestHouse.OTHER_KEY)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                return ended.statusCode() == 200
                        && json(ended).path("errorCode").asText().equals("PAL-201");
            });
        }
    }

    @Test
    void aLargeFileOfAFolderArrivesThoughNoReferenceMayPointThere() throws Exception {
        Files.writeString(folder.resolve("large.txt"), "A line of a very large file.\n".repeat((17 << 20) / 29));
        until(() -> house.indexer.revisions.containsKey(key("folder:large.txt")));
        assertThat(house.app.folders().getFirst().progress().unreadable()).isZero();
        assertThat(revision("folder:large.txt").raw()).isNotNull();
    }

    @Test
    void healthNamesFoldersAndNotWhereTheyLie() throws Exception {
        HttpResponse<String> ready = client.send(
                HttpRequest.newBuilder(URI.create(house.server.address() + "/health/ready"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(ready.body()).contains("\"folder\"").doesNotContain(folder.toString());
    }

    @Test
    void aFailedFetchIsTriedAgainLater() throws Exception {
        String uri = "http://127.0.0.1:" + web.getAddress().getPort() + "/flaky";
        JsonNode receipt =
                publish(event("urn:flaky", "io.palimpsest.document.created", "{\"reference\":\"" + uri + "\"}"), 202);
        JsonNode change = ended(receipt.get("changeId").asText());
        assertThat(change.get("state").asText()).as(change.toString()).isEqualTo("INDEXED");
        assertThat(change.get("deliveries").asInt()).isEqualTo(2);
    }

    @Test
    void aQuarantinedDocumentIsExtractedWhenItIsRetriedAndItsReferenceIsThere() throws Exception {
        Path target = files.resolve("later.txt");
        String uri = target.toUri().toString();
        quarantined("urn:later", uri, "PAL-203");
        Files.writeString(target, "It is here now.");
        String entry = "";
        for (JsonNode node : get("/v1/quarantine", 200).get("entries")) {
            entry = node.get("document").asText().equals("urn:later")
                    ? node.get("entry").asText()
                    : entry;
        }
        HttpResponse<String> retried = client.send(
                request("/v1/quarantine/retry")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"entry\":\"" + entry + "\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(retried.statusCode()).as(retried.body()).isEqualTo(202);
        until(() -> get("/v1/documents/timeline?id=urn:later", 200)
                .get("document")
                .get("state")
                .asText()
                .equals("LIVE"));
        assertThat(get("/v1/quarantine", 200).get("entries").findValuesAsText("document"))
                .doesNotContain("urn:later");
    }

    @Test
    void anotherTenantSeesNothing() throws Exception {
        JsonNode receipt = publish(event("urn:mine", "io.palimpsest.document.created", "{\"content\":\"mine\"}"), 202);
        String id = receipt.get("changeId").asText();
        ended(id);
        for (String path : List.of("/v1/changes/" + id, "/v1/documents/timeline?id=urn:mine")) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(house.server.address() + path))
                            .header("Authorization", "Bearer " + IngestHouse.OTHER_KEY)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theInboxTakesAnyKafkaClientsEvents() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                house.kafka.producer("any-client"), new ByteArraySerializer(), new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> structured = new ProducerRecord<>(
                    Topics.INBOX.name(),
                    "urn:inbox".getBytes(UTF_8),
                    event("urn:inbox", "io.palimpsest.document.created", "{\"content\":\"From Kafka.\"}")
                            .getBytes(UTF_8));
            structured.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
            producer.send(structured).get();
            ProducerRecord<byte[], byte[]> binary =
                    new ProducerRecord<>(Topics.INBOX.name(), null, "Binary from Kafka.".getBytes(UTF_8));
            Map.of(
                            "ce_specversion", "1.0",
                            "ce_id", "k-2",
                            "ce_source", "/kafka",
                            "ce_type", "io.palimpsest.document.created",
                            "ce_subject", "urn:inbox-binary",
                            "content-type", "text/plain")
                    .forEach((name, value) -> binary.headers().add(name, value.getBytes(UTF_8)));
            producer.send(binary).get();
            producer.send(new ProducerRecord<>(Topics.INBOX.name(), null, "nonsense".getBytes(UTF_8)))
                    .get();
            until(() -> isLive("urn:inbox") && isLive("urn:inbox-binary"));

            producer.send(new ProducerRecord<>(Topics.INBOX.name(), "urn:inbox".getBytes(UTF_8), null))
                    .get();
            until(() -> revision("urn:inbox").state() == DocumentRevised.State.DELETED);
            until(() -> get("/v1/status", 200).get("total").get("deadLettered").asLong() >= 1);
        }
    }

    @Test
    void aTombstoneRightBehindItsCreateDeletes() throws Exception {
        byte[] key = "urn:brief".getBytes(UTF_8);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                house.kafka.producer("hasty-client"), new ByteArraySerializer(), new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> create = new ProducerRecord<>(
                    Topics.INBOX.name(),
                    key,
                    event("urn:brief", "io.palimpsest.document.created", "{\"content\":\"Brief.\"}")
                            .getBytes(UTF_8));
            create.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
            Future<RecordMetadata> created = producer.send(create);
            producer.send(new ProducerRecord<>(Topics.INBOX.name(), key, null)).get();
            created.get();
            until(() -> revision("urn:brief").state() == DocumentRevised.State.DELETED);
        }
    }

    @Test
    void theFolderIsFollowedThroughCreateEditRenameAndDelete() throws Exception {
        Path sub = Files.createDirectories(folder.resolve("notes"));
        for (int i = 0; i < 100; i++) {
            Files.writeString(sub.resolve("n" + i + ".md"), "Note " + i);
        }
        Files.writeString(folder.resolve(".hidden.md"), "not a document");
        until(() -> isLive("folder:notes/n99.md") && isLive("folder:notes/n0.md"));
        long published = house.app.folders().getFirst().progress().published();

        Files.writeString(sub.resolve("n1.md"), "Note 1, edited\n\nwith more");
        until(() -> revision("folder:notes/n1.md").passageCount() == 2);
        Files.move(sub.resolve("n2.md"), sub.resolve("renamed.md"), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(sub.resolve("n3.md"));
        until(() -> isLive("folder:notes/renamed.md")
                && revision("folder:notes/n2.md").state() == DocumentRevised.State.DELETED
                && revision("folder:notes/n3.md").state() == DocumentRevised.State.DELETED);
        assertThat(revision("folder:notes/renamed.md").raw()).isNotNull();

        Files.setLastModifiedTime(sub.resolve("n4.md"), java.nio.file.attribute.FileTime.fromMillis(1_000_000));
        Files.writeString(sub.resolve("n5.md"), "last");
        until(() -> house.app.folders().getFirst().progress().published() >= published + 5);
        assertThat(house.app.folders().getFirst().progress().published()).isEqualTo(published + 5);
        assertThat(house.indexer.revisions).doesNotContainKey(key("folder:.hidden.md"));
    }

    @Test
    void theCountsAddUpAndNothingStaysInFlight() throws Exception {
        publish(event("urn:counted", "io.palimpsest.document.created", "{\"content\":\"one\"}"), 202);
        String twice = event("urn:counted", "io.palimpsest.document.updated", "{\"content\":\"two\"}");
        publish(twice, 202);
        publish(twice, 202);
        until(() -> {
            JsonNode total = get("/v1/status", 200).get("total");
            JsonNode inFlight = total.get("inFlight");
            long flying = inFlight.get("gate").asLong()
                    + inFlight.get("extract").asLong()
                    + inFlight.get("revise").asLong()
                    + inFlight.get("index").asLong();
            assertThat(total.get("received").asLong())
                    .as(total.toString())
                    .isEqualTo(sum(
                                    total,
                                    "indexed",
                                    "superseded",
                                    "deleted",
                                    "quarantined",
                                    "empty",
                                    "duplicates",
                                    "stale",
                                    "deadLettered")
                            + flying);
            return flying == 0 && total.get("duplicates").asLong() >= 1;
        });
    }

    @Test
    void aCollectionsCreationIsInTheLedgerOnce() throws Exception {
        for (int status : new int[] {201, 200}) {
            HttpResponse<String> response = client.send(
                    request("/v1/collections")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"collection\":\"made-here\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        }
        List<LedgerEntry> told = house.ledger.stream()
                .filter(entry -> entry.type() == LedgerEntry.Type.COLLECTION_CREATED)
                .toList();
        assertThat(told).isNotEmpty().extracting(LedgerEntry::actor).containsOnly("key:local");
        assertThat(told)
                .extracting(LedgerEntry::entryId)
                .containsOnly(told.getFirst().entryId());
    }

    private static long sum(JsonNode node, String... names) {
        return List.of(names).stream()
                .mapToLong(name -> node.get(name).asLong())
                .sum();
    }
}
