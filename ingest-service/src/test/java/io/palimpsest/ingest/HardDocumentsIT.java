package io.palimpsest.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.testkit.document.Documents;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Documents that are large, damaged, in an odd charset, or that die with their parser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
final class HardDocumentsIT extends IngestCalls {
    private static final int LARGE_BYTES = 3 << 20;

    private Path files;
    private ReferenceServer web;

    @BeforeAll
    void open(@TempDir Path dir) throws Exception {
        files = Files.createDirectory(dir.resolve("files"));
        web = new ReferenceServer();
        house = new IngestHouse(
                dir.resolve("data"),
                Map.of(
                        "fetch.allowed.roots", files.toString(),
                        "fetch.allowed.hosts", "127.0.0.1",
                        "fetch.allow.private.addresses", "true",
                        "extract.workers", "1",
                        "extract.large.bytes", Integer.toString(LARGE_BYTES),
                        "extract.max.deliveries", "2"));
    }

    @AfterAll
    void close() throws Exception {
        if (house != null) {
            house.close();
        }
        web.close();
    }

    @Test
    void aParserProcessThatIsKilledOnceIsReplacedAndTheDocumentIndexed() throws Exception {
        ended(publishContent("urn:warm", "text/plain", "starts the parser".getBytes(UTF_8)));
        String slow = slowPdf("once.pdf");
        Map<Long, Duration> before = processorTimes();
        String change = publishReference("urn:killed-once", slow);
        kill(busyParser(before));
        assertThat(ended(change).get("state").asText()).isEqualTo("INDEXED");
        assertThat(revision("urn:killed-once").passageCount()).isPositive();
    }

    @Test
    void aDocumentWhoseParserIsKilledEachTimeIsQuarantinedAndTheOthersGoOn() throws Exception {
        ended(publishContent("urn:warm", "text/plain", "starts the parser again".getBytes(UTF_8)));
        String change = publishReference("urn:killed", slowPdf("always.pdf"));
        until(() -> {
            parsers().forEach(ProcessHandle::destroyForcibly);
            return get("/v1/changes/" + change, 200).has("endedAt");
        });
        JsonNode ended = ended(change);
        assertThat(ended.get("state").asText()).isEqualTo("QUARANTINED");
        assertThat(ended.get("errorCode").asText()).isIn("PAL-303", "PAL-311");
        assertThat(ended(publishContent("urn:after", "text/plain", "goes on".getBytes(UTF_8)))
                        .get("state")
                        .asText())
                .isEqualTo("INDEXED");
        retry("urn:killed");
        until(() -> isLive("urn:killed"));
    }

    @Test
    void aDownloadThatBreaksOffEachTimeIsQuarantinedAfterItsDeliveries() throws Exception {
        byte[] pdf = Files.readAllBytes(Documents.pdf(files.resolve("whole.pdf"), 20));
        int before = web.requests.get();
        JsonNode ended = ended(publishReference("urn:broken", web.put("/broken/report.pdf", pdf)));
        assertThat(ended.get("state").asText()).isEqualTo("QUARANTINED");
        assertThat(ended.get("errorCode").asText()).isEqualTo("PAL-311");
        assertThat(ended.get("message").asText()).contains("PAL-206");
        assertThat(web.requests.get() - before).isEqualTo(2);
    }

    @Test
    void bytesThatFailedOnceAreNotParsedAgainUntilAsked() throws Exception {
        Path whole = Documents.docx(files.resolve("whole.docx"), 50);
        byte[] half = Files.readAllBytes(Documents.truncated(whole, files.resolve("half.docx")));
        String type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        assertThat(ended(publishContent("urn:half.docx", type, half))
                        .get("errorCode")
                        .asText())
                .isEqualTo("PAL-309");
        JsonNode again = ended(publishContent("urn:half-again.docx", type, half));
        assertThat(again.get("state").asText()).isEqualTo("QUARANTINED");
        assertThat(again.get("errorCode").asText()).isEqualTo("PAL-312");
        assertThat(again.get("message").asText()).contains("PAL-309").doesNotContain("Paragraph");
        retry("urn:half-again.docx");
        until(() -> quarantineEntry("urn:half-again.docx")
                .path("errorCode")
                .asText()
                .equals("PAL-309"));
    }

    @Test
    void windows1252IsReadAsItWasWritten() throws Exception {
        String text = "Größenänderung – „mit Übermaß“ für 5 €";
        ended(publishContent("urn:note.txt", "text/plain", text.getBytes(Charset.forName("windows-1252"))));
        assertThat(text("urn:note.txt")).isEqualTo(text);
    }

    @Test
    void aLargeDocumentTakesTheLaneOfLargeOnes() throws Exception {
        byte[] large =
                "A line of a long text, and another one.\n".repeat(90_000).getBytes(UTF_8);
        assertThat(large.length).isGreaterThan(LARGE_BYTES);
        assertThat(ended(publishContent("urn:large", "text/plain", large))
                        .get("state")
                        .asText())
                .isEqualTo("INDEXED");
        assertThat(lane(Topics.EXTRACT_SMALL.name())).doesNotContain("urn:large");
        assertThat(lane(Topics.EXTRACT_LARGE.name())).containsOnlyOnce("urn:large");
    }

    @Test
    void aReferenceThatTurnsOutLargeMovesToTheLaneOfLargeOnes() throws Exception {
        byte[] large =
                "A line of a long text, and yet another.\n".repeat(90_000).getBytes(UTF_8);
        int before = web.requests.get();
        JsonNode ended = ended(publishReference("urn:large-reference", web.put("/large.txt", large)));
        assertThat(ended.get("state").asText()).isEqualTo("INDEXED");
        assertThat(lane(Topics.EXTRACT_SMALL.name())).containsOnlyOnce("urn:large-reference");
        assertThat(lane(Topics.EXTRACT_LARGE.name())).containsOnlyOnce("urn:large-reference");
        assertThat(web.requests.get() - before).as("downloads").isEqualTo(1);

        ended(publishReference("urn:large-reference", web.put("/large.txt", large)));
        assertThat(web.unchanged.get()).isPositive();
        assertThat(revision("urn:large-reference").state()).isEqualTo(DocumentRevised.State.LIVE);
    }

    @Test
    void anUnchangedReferenceIsNotDownloadedAgain() throws Exception {
        byte[] body = "The reference as it is.".repeat(100).getBytes(UTF_8);
        String address = web.put("/page.txt", body);
        JsonNode first = ended(publishReference("urn:page", address));
        DocumentRevised revised = revision("urn:page");
        long sent = web.sentBytes.get();
        int unchanged = web.unchanged.get();

        JsonNode second = ended(publishReference("urn:page", address));
        assertThat(web.sentBytes.get() - sent)
                .as("bytes sent for unchanged content")
                .isZero();
        assertThat(web.unchanged.get() - unchanged).isEqualTo(1);
        assertThat(second.get("state").asText()).isEqualTo(endOfEqualBytes());
        assertThat(revision("urn:page").passages()).isEqualTo(revised.passages());
        assertThat(first.get("state").asText()).isEqualTo("INDEXED");

        web.put("/page.txt", "The reference as it is now.".getBytes(UTF_8));
        ended(publishReference("urn:page", address));
        until(() -> text("urn:page").equals("The reference as it is now."));
    }

    @Test
    void anUnchangedReferenceWhoseBytesWereErasedIsDownloadedInFull() throws Exception {
        byte[] body = "Erased and asked for again.".getBytes(UTF_8);
        String address = web.put("/erased.txt", body);
        ended(publishReference("urn:erased", address));
        house.contents.eraseDocument(DocumentKey.of("local", "default", "urn:erased"));
        long sent = web.sentBytes.get();

        ended(publishReference("urn:erased", address));
        assertThat(web.sentBytes.get() - sent).isEqualTo(body.length);
        assertThat(text("urn:erased")).isEqualTo("Erased and asked for again.");
    }

    /** The state that a change ends in which brings the bytes that are there already. */
    private String endOfEqualBytes() throws Exception {
        String id = "urn:equal/" + web.requests.get();
        ended(publishContent(id, "text/plain", "equal bytes".getBytes(UTF_8)));
        JsonNode again = ended(publishContent(id, "text/plain", "equal bytes".getBytes(UTF_8)));
        return again.get("state").asText();
    }

    /** A minute's work for nobody, but seconds for a parser. */
    private String slowPdf(String name) throws Exception {
        Path pdf = Documents.pdf(files.resolve(name), 5_000);
        assertThat(Files.size(pdf)).isLessThan(LARGE_BYTES);
        return pdf.toUri().toString();
    }

    private static void kill(ProcessHandle process) throws Exception {
        process.destroyForcibly();
        until(() -> !process.isAlive());
    }

    private static Map<Long, Duration> processorTimes() {
        Map<Long, Duration> times = new HashMap<>();
        parsers().forEach(parser -> times.put(parser.pid(), processorTime(parser)));
        return times;
    }

    private static Duration processorTime(ProcessHandle parser) {
        return parser.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** A parser process that has begun to work on something: its processor time has grown. */
    private static ProcessHandle busyParser(Map<Long, Duration> before) throws Exception {
        List<ProcessHandle> found = new ArrayList<>();
        until(() -> {
            parsers()
                    .filter(parser -> processorTime(parser)
                                    .minus(before.getOrDefault(parser.pid(), Duration.ZERO))
                                    .compareTo(Duration.ofMillis(200))
                            > 0)
                    .forEach(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    /** This process starts no others. */
    private static Stream<ProcessHandle> parsers() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive);
    }

    private String publishContent(String document, String type, byte[] content) throws Exception {
        String data = "{\"contentBase64\":\"" + Base64.getEncoder().encodeToString(content) + "\",\"contentType\":\""
                + type + "\"}";
        return publish(event(document, "io.palimpsest.document.updated", data), 202)
                .get("changeId")
                .asText();
    }

    private String publishReference(String document, String address) throws Exception {
        String data = "{\"reference\":\"" + address + "\"}";
        return publish(event(document, "io.palimpsest.document.updated", data), 202)
                .get("changeId")
                .asText();
    }

    private JsonNode quarantineEntry(String document) throws Exception {
        for (JsonNode entry : get("/v1/quarantine", 200).get("entries")) {
            if (entry.get("document").asText().equals(document)) {
                return entry;
            }
        }
        return Json.mapper().createObjectNode();
    }

    private void retry(String document) throws Exception {
        String entry = quarantineEntry(document).get("entry").asText();
        HttpResponse<String> retried = client.send(
                request("/v1/quarantine/retry")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"entry\":\"" + entry + "\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(retried.statusCode()).as(retried.body()).isEqualTo(202);
    }

    private String text(String document) {
        DocumentRevised revised = revision(document);
        byte[] stored = house.contents.read(revised.key(), Objects.requireNonNull(revised.extracted()));
        return Json.read(stored, ExtractedDocument.class).text();
    }

    /** Documents whose work is on the topic, each as often as it is. */
    private List<String> lane(String topic) {
        try (KafkaConsumer<DocumentKey, DocumentAccepted> consumer = new KafkaConsumer<>(
                house.kafka.consumer("test-lane", "test-lane"),
                Topics.EXTRACT_SMALL.key().deserializer(),
                Topics.EXTRACT_SMALL.value().deserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = Objects.requireNonNull(consumer.endOffsets(partitions).get(partitions.getFirst()));
            List<String> documents = new ArrayList<>();
            while (consumer.position(partitions.getFirst()) < end) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> documents.add(record.key().document().value()));
            }
            return documents;
        }
    }
}
