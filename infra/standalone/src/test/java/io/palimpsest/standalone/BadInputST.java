package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.DeadLetter;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.testkit.document.Documents;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each bad input ends in its defined state under its code; after each, a good document is searchable and the counts add up. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
final class BadInputST {
    private static final int MAX_INLINE = 65_536;
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final Path DOCUMENTS =
            Path.of(System.getProperty("palimpsest.root", "."), "../shared/data/documents");

    @TempDir
    static Path dir;

    private final AtomicInteger good = new AtomicInteger();
    private Path files;
    private Path watched;
    private HttpServer web;
    private House house;

    @BeforeAll
    void open() throws Exception {
        files = Files.createDirectory(dir.resolve("files"));
        watched = Files.createDirectory(dir.resolve("watched"));
        web = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        web.createContext("/missing", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        web.createContext("/inside", exchange -> {
            exchange.getResponseHeaders().add("Location", "http://169.254.169.254/latest/meta-data");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        web.start();
        house = House.start(
                dir.resolve("data"),
                Map.of(
                        "fetch.allowed.roots", files.toString(),
                        "fetch.allowed.hosts", "127.0.0.1",
                        "fetch.allow.private.addresses", "true",
                        "folder.watch", watched.toString(),
                        "intake.max.inline.bytes", Integer.toString(MAX_INLINE)));
    }

    @AfterAll
    void close() {
        house.close();
        web.stop(0);
    }

    @AfterEach
    void theRestGoesOnAndNothingIsLost() throws Exception {
        String word = "afterwards" + good.incrementAndGet();
        house.index("created", "urn:good/" + word, House.markdown("All is well " + word + "."));
        assertThat(house.found("keyword", word)).containsExactly("urn:good/" + word);
        house.settled();
    }

    @ParameterizedTest
    @CsvSource({
        "ENCRYPTED_PDF, EXTRACT_ENCRYPTED",
        "ENCRYPTED_DOCX, EXTRACT_ENCRYPTED",
        "ENCRYPTED_ZIP, EXTRACT_ENCRYPTED",
        "TRUNCATED_PDF, EXTRACT_CORRUPT",
        "TRUNCATED_ZIP, EXTRACT_CORRUPT",
        "NO_KNOWN_FORMAT, EXTRACT_UNSUPPORTED_TYPE",
        "ZIP_BOMB, EXTRACT_EXPANSION_TOO_HIGH"
    })
    void aDocumentThatCannotBeReadIsQuarantinedWithItsReason(BadDocuments kind, ErrorCode code) throws Exception {
        refused("urn:bad/" + kind, kind.in(files).toUri().toString(), code);
    }

    @Test
    void theArchiveThatContainsItselfIsQuarantined() throws Exception {
        Path quine = DOCUMENTS.resolve("quine.gz");
        Assumptions.assumeTrue(Files.exists(quine), "../shared/data/documents/quine.gz is not there");
        Files.copy(quine, files.resolve("quine.gz"));
        refused("urn:quine", files.resolve("quine.gz").toUri().toString(), ErrorCode.EXTRACT_NESTING_TOO_DEEP);
    }

    @ParameterizedTest
    @CsvSource({"EMPTY_FILE", "EMPTY_ZIP", "IMAGE_ONLY_PDF"})
    void aDocumentWithoutTextIsEmptyAndNotAFailure(BadDocuments kind) throws Exception {
        String document = "urn:empty/" + kind;
        JsonNode change = house.ended(house.publish(
                "created", document, reference(kind.in(files).toUri().toString())));
        assertThat(change.path("state").asText()).as(change.toString()).isEqualTo("EMPTY");
        assertThat(house.found("hybrid", "anything")).doesNotContain(document);
    }

    @Test
    void referencesThatLeadNowhereOrWhereTheyMayNotAreRefused() throws Exception {
        String server = "http://127.0.0.1:" + web.getAddress().getPort();
        refused("urn:no-file", files.resolve("absent.txt").toUri().toString(), ErrorCode.REFERENCE_NOT_FOUND);
        refused("urn:404", server + "/missing", ErrorCode.REFERENCE_NOT_FOUND);
        refused("urn:outside", "file:///etc/hostname", ErrorCode.REFERENCE_NOT_ALLOWED);
        refused("urn:inside", server + "/inside", ErrorCode.REFERENCE_NOT_ALLOWED);
        Path link = Files.createSymbolicLink(files.resolve("link.txt"), Path.of("/etc/hostname"));
        refused("urn:link", link.toUri().toString(), ErrorCode.REFERENCE_NOT_ALLOWED);
    }

    @Test
    void aDocumentOfTenThousandPagesIsSearchableToItsLastPage() throws Exception {
        Path file = Documents.pdf(files.resolve("long.pdf"), 10_000);
        house.index("created", "urn:long", reference(file.toUri().toString()));
        JsonNode hits = house.search("keyword", "page number 9999", house.palimpsest.key())
                .path("hits");
        assertThat(hits.findValuesAsText("document")).contains("urn:long");
        assertThat(hits.findValuesAsText("text")).anyMatch(text -> text.contains("This is page number 9999."));
    }

    @Test
    void aDocumentOfTwoHundredMebibytesIsQuarantinedForItsText() throws Exception {
        Path file = Documents.text(files.resolve("huge.txt"), 200);
        refused("urn:huge", file.toUri().toString(), ErrorCode.EXTRACT_OUTPUT_TOO_LARGE);
        Files.delete(file);
    }

    @Test
    void privateAddressesAreRefusedUnlessTheyAreAllowed() throws Exception {
        try (House strict = House.start(dir.resolve("strict"), Map.of("fetch.allowed.hosts", "*"))) {
            String server = "http://127.0.0.1:" + web.getAddress().getPort();
            JsonNode change = strict.ended(strict.publish("created", "urn:private", reference(server + "/missing")));
            assertThat(change.path("state").asText()).as(change.toString()).isEqualTo("QUARANTINED");
            assertThat(change.path("errorCode").asText()).isEqualTo(ErrorCode.REFERENCE_PRIVATE_ADDRESS.id());
        }
    }

    @Test
    void malformedEventsAreRefusedOverHttpWithTheirCodes() throws Exception {
        String fine = House.markdown("x");
        refused("{", ErrorCode.EVENT_MALFORMED);
        refused(house.event("created", "urn:x", fine).replace("\"subject\"", "\"object\""), ErrorCode.EVENT_MALFORMED);
        refused(house.event("exploded", "urn:x", fine), ErrorCode.EVENT_TYPE_UNKNOWN);
        refused(
                house.event("created", "urn:x", fine).replace("\"data\":", "\"collection\":\"nowhere\",\"data\":"),
                ErrorCode.COLLECTION_UNKNOWN);
        refused(house.event("created", "urn:x", "{}"), ErrorCode.DATA_INVALID);
        refused(house.event("created", "urn:x", "{\"contentBase64\":\"%%%\"}"), ErrorCode.DATA_INVALID);
        refused(house.event("created", "urn:x", House.markdown("x".repeat(MAX_INLINE + 1))), ErrorCode.BODY_TOO_LARGE);
        refused(house.event("created", "urn:x", House.markdown("x".repeat(1 << 20))), ErrorCode.BODY_TOO_LARGE);
        refused(badUtf8(house.event("created", "urn:x", House.markdown("?"))), ErrorCode.UTF8_INVALID);
    }

    @Test
    void badRecordsOfTheInboxEndAsDeadLettersWithTheirCodes() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = house.producer()) {
            deadLettered(producer, "k-type", "io.palimpsest.document.exploded", null, ErrorCode.EVENT_TYPE_UNKNOWN);
            deadLettered(
                    producer, "k-nowhere", "io.palimpsest.document.created", "nowhere", ErrorCode.COLLECTION_UNKNOWN);
            ProducerRecord<byte[], byte[]> noEvent =
                    new ProducerRecord<>(Topics.INBOX.name(), "no event at all".getBytes(UTF_8));
            noEvent.headers().add("traceparent", TRACE.getBytes(UTF_8));
            deadLettered(producer.send(noEvent).get(), ErrorCode.EVENT_MALFORMED, TRACE);
            ProducerRecord<byte[], byte[]> broken = new ProducerRecord<>(
                    Topics.INBOX.name(), badUtf8(house.event("created", "urn:x", House.markdown("?"))));
            broken.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
            deadLettered(producer.send(broken).get(), ErrorCode.UTF8_INVALID, null);
        }
    }

    @Test
    void badFilesOfAWatchedFolderEndWithTheirReasonsToo() throws Exception {
        // Other bytes than above: the same ones are known for bad.
        Documents.truncated(Documents.pdf(dir.resolve("thirty.pdf"), 30), watched.resolve("half.pdf"));
        BadDocuments.IMAGE_ONLY_PDF.in(watched);
        try (RandomAccessFile sparse =
                new RandomAccessFile(watched.resolve("large.bin").toFile(), "rw")) {
            sparse.setLength((256L << 20) + 1);
        }
        Files.writeString(watched.resolve("good.md"), "The watched folder goes on.");
        House.until(() -> house.found("keyword", "watched folder goes on").contains("folder:good.md"));
        House.until(() -> ends("folder:half.pdf", "QUARANTINED") && ends("folder:scan.pdf", "EMPTY"));
        House.until(() -> house.get("/v1/status")
                        .path("folders")
                        .path(0)
                        .path("unreadable")
                        .asInt()
                == 1);
        JsonNode large = house.get("/v1/status")
                .path("folders")
                .path(0)
                .path("passedOver")
                .path(0);
        assertThat(large.path("path").asText()).isEqualTo("large.bin");
        assertThat(large.path("errorCode").asText()).isEqualTo(ErrorCode.FETCH_TOO_LARGE.id());
        assertThat(large.path("message").asText()).isEqualTo("268435457 bytes, at most 268435456");
        assertThat(printed("quarantine", "list"))
                .contains("Passed over", "large.bin", ErrorCode.FETCH_TOO_LARGE.hint());
        Files.delete(watched.resolve("large.bin"));
        House.until(() -> house.get("/v1/status")
                        .path("folders")
                        .path(0)
                        .path("unreadable")
                        .asInt()
                == 0);
    }

    private boolean ends(String document, String state) throws Exception {
        HttpResponse<String> response =
                house.get("/v1/documents/timeline?id=" + House.encode(document), house.palimpsest.key());
        return response.statusCode() == 200
                && House.json(response)
                        .path("changes")
                        .path(0)
                        .path("state")
                        .asText()
                        .equals(state);
    }

    private void deadLettered(
            KafkaProducer<byte[], byte[]> producer, String id, String type, @Nullable String collection, ErrorCode code)
            throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(Topics.INBOX.name(), "content".getBytes(UTF_8));
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id,
                        "ce_source",
                        "/kafka",
                        "ce_type",
                        type,
                        "ce_subject",
                        "urn:" + id,
                        "content-type",
                        "text/plain")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        if (collection != null) {
            record.headers().add("ce_collection", collection.getBytes(UTF_8));
        }
        producer.send(record).get();
        String named = collection == null ? "default" : collection;
        JsonNode change = house.ended(ChangeId.of(new TenantId("local"), named, "urn:" + id, "/kafka", id)
                .value());
        assertThat(change.path("state").asText()).as(change.toString()).isEqualTo("DEAD_LETTERED");
        assertThat(change.path("errorCode").asText()).as(change.toString()).isEqualTo(code.id());
    }

    /** What names no change is found by its place. */
    private void deadLettered(RecordMetadata place, ErrorCode code, @Nullable String trace) throws Exception {
        String id = place.topic() + "/" + place.partition() + "/" + place.offset();
        House.until(() ->
                house.deadLetters().stream().anyMatch(letter -> letter.key().equals(id)));
        ConsumerRecord<String, DeadLetter> letter = house.deadLetters().stream()
                .filter(each -> each.key().equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(letter.value().errorCode()).isEqualTo(code);
        assertThat(letter.value().message()).isNotEmpty();
        assertThat(EventHeaders.get(letter.headers(), EventHeaders.TRACEPARENT)).isEqualTo(Optional.ofNullable(trace));
        assertThat(house.settled().path("deadLettered").asLong()).isPositive();
    }

    private void refused(String document, String reference, ErrorCode code) throws Exception {
        JsonNode change = house.ended(house.publish("created", document, reference(reference)));
        assertThat(change.path("state").asText()).as(change.toString()).isEqualTo("QUARANTINED");
        assertThat(change.path("errorCode").asText()).as(change.toString()).isEqualTo(code.id());
        assertThat(change.path("hint").asText()).as(change.toString()).isEqualTo(code.hint());
        JsonNode entries = house.get("/v1/quarantine").path("entries");
        assertThat(entries.findValuesAsText("document")).contains(document);
        assertThat(printed("quarantine", "list")).contains(document, code.id(), code.hint());
        assertThat(printed("document", document)).contains(code.id(), code.hint());
    }

    private void refused(String event, ErrorCode code) throws Exception {
        refused(event.getBytes(UTF_8), code);
    }

    private void refused(byte[] event, ErrorCode code) throws Exception {
        HttpResponse<String> response = house.post(event, "application/cloudevents+json", house.palimpsest.key());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code.httpStatus());
        JsonNode problem = House.json(response);
        assertThat(problem.path("code").asText()).as(response.body()).isEqualTo(code.id());
        assertThat(problem.path("hint").asText()).isNotEmpty();
    }

    private String printed(String... command) {
        Cli cli = new Cli();
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of("--data", dir.resolve("data").toString()));
        assertThat(cli.run(all.toArray(String[]::new))).as(cli.said()).isZero();
        return cli.said();
    }

    private static String reference(String uri) {
        return "{\"reference\":\"" + uri + "\"}";
    }

    /** The question mark becomes the first byte of a character that does not follow. */
    private static byte[] badUtf8(String event) {
        byte[] bytes = event.getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '?' ? (byte) 0xC3 : bytes[i];
        }
        return bytes;
    }
}
