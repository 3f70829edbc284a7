package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Metric;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Changes by every way in, and what searches then say. Each test has documents and words of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
final class PublishST {
    private static final String OTHER_KEY = "the-key-of-another-tenant";
    /** Counted in the other tests of the flow, when what they count happens. */
    private static final Set<Metric> WITHOUT_TRAFFIC = Set.of(
            // Of manifests, exports and bridges: ManifestST, CheckpointExportTest, BridgesST.
            Metric.MANIFEST_TIME,
            Metric.LEDGER_EXPORT_AGE,
            Metric.BRIDGE_SENT,
            Metric.BRIDGE_UNREADABLE,
            Metric.FETCH_DURATION,
            Metric.CHANGES_DROPPED,
            Metric.DEAD_LETTERS,
            Metric.ANSWERS,
            Metric.SEARCH_HITS_STALE,
            // Of indexes that wear: WeaviateST.
            Metric.INDEX_CHURN,
            Metric.INDEX_RECALL,
            // Of drift, runs and roll-outs: RetrainApartST, RunMetricsTest, ShadowReadsTest.
            Metric.DRIFT_WINDOWS,
            Metric.RUN_STEP,
            Metric.TRAINING_STEPS,
            Metric.SHADOW_READS,
            Metric.SHADOW_OVERLAP,
            Metric.SHADOW_DURATION);

    private static final List<String> MODES = List.of("keyword", "vector", "hybrid");

    @TempDir
    static Path dir;

    private House house;

    @BeforeAll
    void open() throws Exception {
        List<Map<String, Object>> given = new ArrayList<>();
        given.add(key(OTHER_KEY, "other", List.of("PUBLISH", "SEARCH", "OPERATE")));
        for (Role role : Role.values()) {
            given.add(key(keyOf(role), "local", List.of(role.name())));
        }
        Path keys = Files.write(dir.resolve("keys.json"), Json.write(given));
        house = House.start(dir.resolve("data"), Map.of("http.key.file", keys.toString()));
    }

    private static Map<String, Object> key(String secret, String tenant, List<String> roles) {
        return Map.of(
                "keyHash", ContentHash.ofText(secret).value(),
                "tenant", tenant,
                "name", secret,
                "collections", List.of("*"),
                "roles", roles);
    }

    /** A key that may do what the role may, and nothing else. */
    private static String keyOf(Role role) {
        return "the-key-of-" + role;
    }

    @AfterAll
    void close() {
        house.close();
    }

    /** Every role on every route; ids that are nowhere and bodies of no use, so that what is allowed does nothing. */
    @Test
    void everyRouteTakesTheRolesThatItsDescriptionNamesAndNoOther() throws Exception {
        OpenApi api = OpenApi.parse(house.get("/openapi.yaml", null).body());
        List<String> wrong = new ArrayList<>();
        for (OpenApi.Operation route : api.operations()) {
            if (route.needsKey()) {
                for (Role role : Role.values()) {
                    int status = call(route, keyOf(role));
                    if (status == 401 || (status == 403) == route.roles().contains(role)) {
                        wrong.add(route + " with " + role + " alone: " + status);
                    }
                }
                assertThat(call(route, null)).as(route + " without a key").isEqualTo(401);
            } else {
                assertThat(call(route, null)).as(route + " without a key").isNotIn(401, 403);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private int call(OpenApi.Operation route, @Nullable String key) throws Exception {
        String path = route.path().replace("{collection}", "nowhere").replaceAll("\\{\\w+}", "none");
        HttpRequest.Builder request = house.request(path, key);
        return house.send((route.method().equals("GET") ? request : request.header("Content-Type", "application/json"))
                        .method(
                                route.method(),
                                route.method().equals("GET")
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString("[]"))
                        .build())
                .statusCode();
    }

    @Test
    void aStructuredEventIsSearchableAndItsTimelineShowsEveryStage() throws Exception {
        house.index("created", "urn:structured", House.markdown("# Ferns\n\nA fern unrolls its fronds in spring."));
        assertThat(house.found("hybrid", "fern fronds")).first().isEqualTo("urn:structured");

        JsonNode timeline = house.get("/v1/documents/timeline?id=" + House.encode("urn:structured"));
        assertThat(timeline.path("document").path("state").asText()).isEqualTo("LIVE");
        assertThat(timeline.path("document").path("searchableIsCurrent").asBoolean())
                .isTrue();
        JsonNode change = timeline.path("changes").path(0);
        for (String stage : List.of("receivedAt", "acceptedAt", "extractedAt", "revisedAt", "indexedAt", "endedAt")) {
            assertThat(change.hasNonNull(stage)).as(stage + " in " + change).isTrue();
        }
        for (String duration : List.of("gateMs", "extractMs", "reviseMs", "indexMs", "totalMs")) {
            assertThat(change.path("durations").hasNonNull(duration))
                    .as(duration + " in " + change)
                    .isTrue();
        }
    }

    @Test
    void aBinaryEventCarriesItsContentAsTheBody() throws Exception {
        HttpResponse<String> response = house.send(house.request("/v1/changes", house.palimpsest.key())
                .header("Content-Type", "text/plain; charset=utf-8")
                .header("ce-specversion", "1.0")
                .header("ce-id", "binary-1")
                .header("ce-source", "/test")
                .header("ce-type", "io.palimpsest.document.created")
                .header("ce-subject", "urn:binary")
                .POST(HttpRequest.BodyPublishers.ofString("Glaciers carry boulders for kilometres."))
                .build());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        house.ended(House.json(response).path("changeId").asText());
        assertThat(house.found("keyword", "glaciers boulders")).containsExactly("urn:binary");
    }

    @Test
    void aBatchIsAnsweredEventByEvent() throws Exception {
        String batch = "[" + house.event("created", "urn:batch/1", House.markdown("The heron waits in reeds.")) + ","
                + house.event("exploded", "urn:batch/2", "{}") + "]";
        HttpResponse<String> response =
                house.post(batch.getBytes(UTF_8), "application/cloudevents-batch+json", house.palimpsest.key());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        JsonNode answers = House.json(response);
        assertThat(answers.path(1).path("code").asText()).isEqualTo("PAL-102");
        house.ended(answers.path(0).path("changeId").asText());
        assertThat(house.found("keyword", "heron reeds")).containsExactly("urn:batch/1");
    }

    @Test
    void aBulkStreamIsAnsweredLineByLineAndAllOfItIsIndexed() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            lines.add(house.event(
                    "created", "urn:bulk/" + i, House.markdown("Ledger page number" + i + " of the quarry.")));
        }
        lines.add(70, "this is not an event");
        HttpResponse<String> response =
                house.post(String.join("\n", lines).getBytes(UTF_8), "application/x-ndjson", house.palimpsest.key());
        assertThat(response.statusCode()).isEqualTo(202);
        List<String> answers = response.body().lines().toList();
        assertThat(answers).hasSize(151);
        assertThat(Json.mapper().readTree(answers.get(70)).path("code").asText())
                .isEqualTo("PAL-101");
        for (int line : List.of(0, 69, 150)) {
            JsonNode change = house.ended(
                    Json.mapper().readTree(answers.get(line)).path("changeId").asText());
            assertThat(change.path("state").asText()).isEqualTo("INDEXED");
        }
        house.settled();
        assertThat(house.found("keyword", "number149")).containsExactly("urn:bulk/149");
    }

    @Test
    void anyKafkaClientsEventsAreTakenAndARecordWithoutValueDeletes() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = house.producer()) {
            String event = house.event("created", "urn:inbox", House.markdown("The lighthouse keeper trims the wick."));
            ProducerRecord<byte[], byte[]> structured = record("urn:inbox", event);
            structured.headers().add("content-type", "application/cloudevents+json; charset=utf-8".getBytes(UTF_8));
            producer.send(structured).get();
            ProducerRecord<byte[], byte[]> binary = record("urn:inbox/binary", "A lighthouse lens weighs a tonne.");
            Map.of(
                            "ce_specversion", "1.0",
                            "ce_id", "k-2",
                            "ce_source", "/kafka",
                            "ce_type", "io.palimpsest.document.created",
                            "ce_subject", "urn:inbox/binary",
                            "content-type", "text/plain")
                    .forEach((name, value) -> binary.headers().add(name, value.getBytes(UTF_8)));
            producer.send(binary).get();
            House.until(() ->
                    Set.copyOf(house.found("keyword", "lighthouse")).equals(Set.of("urn:inbox", "urn:inbox/binary")));

            producer.send(new ProducerRecord<>(Topics.INBOX.name(), "urn:inbox".getBytes(UTF_8), null))
                    .get();
            House.until(() -> house.found("keyword", "lighthouse").equals(List.of("urn:inbox/binary")));
            house.settled();
            for (String mode : MODES) {
                assertThat(house.found(mode, "lighthouse keeper wick")).doesNotContain("urn:inbox");
            }
        }
    }

    @Test
    void aDuplicateIsCountedAndNotIndexedTwice() throws Exception {
        String event = house.event("created", "urn:twice", House.markdown("Saffron is picked by hand at dawn."));
        String first = house.accepted(event);
        house.ended(first);
        JsonNode before = house.settled();
        assertThat(house.accepted(event)).isEqualTo(first);
        House.until(() -> house.total().path("duplicates").asLong()
                > before.path("duplicates").asLong());
        JsonNode after = house.settled();
        assertThat(after.path("passagesEmbedded").asLong())
                .isEqualTo(before.path("passagesEmbedded").asLong());
        assertThat(house.found("keyword", "saffron dawn")).containsExactly("urn:twice");
        assertThat(house.get("/v1/changes/" + first).path("duplicates").asLong())
                .isEqualTo(1);
    }

    @Test
    void aMovedDocumentAndChangedAccessEmbedNothing() throws Exception {
        house.index("created", "urn:moved", House.markdown("# Tides\n\nThe estuary empties twice a day."));
        long before = house.settled().path("passagesEmbedded").asLong();

        house.index("moved", "urn:moved", "{\"location\":\"https://example.org/new-place\",\"title\":\"Moved\"}");
        JsonNode hit = house.search("keyword", "estuary", house.palimpsest.key())
                .path("hits")
                .path(0);
        assertThat(hit.path("location").asText()).isEqualTo("https://example.org/new-place");
        assertThat(hit.path("text").asText()).contains("The estuary empties twice a day.");

        house.index("access-changed", "urn:moved", "{\"access\":[\"group:nobody\"]}");
        for (String mode : MODES) {
            assertThat(house.found(mode, "estuary empties")).doesNotContain("urn:moved");
        }
        house.index("access-changed", "urn:moved", "{\"access\":[\"*\"]}");
        assertThat(house.found("keyword", "estuary")).containsExactly("urn:moved");
        assertThat(house.settled().path("passagesEmbedded").asLong()).isEqualTo(before);
    }

    @Test
    void anUpdateReplacesAndADeleteIsGoneOnEveryLeg() throws Exception {
        house.index("created", "urn:gone", House.markdown("The cooper bends oak staves."));
        house.index("updated", "urn:gone", House.markdown("The cooper bends chestnut staves."));
        assertThat(house.found("keyword", "oak")).doesNotContain("urn:gone");
        for (String mode : MODES) {
            assertThat(house.found(mode, "cooper chestnut staves")).as(mode).contains("urn:gone");
        }
        JsonNode deleted = house.ended(house.publish("deleted", "urn:gone", "{}"));
        assertThat(deleted.path("state").asText()).isEqualTo("DELETED");
        for (String mode : MODES) {
            assertThat(house.found(mode, "cooper chestnut staves")).as(mode).doesNotContain("urn:gone");
        }
    }

    @Test
    void aCitationStillResolvesAfterItsDocumentHasChanged() throws Exception {
        house.index("created", "urn:cited", House.markdown("# Rope\n\nHemp rope holds four tonnes."));
        JsonNode hit = house.search("keyword", "hemp rope", house.palimpsest.key())
                .path("hits")
                .path(0);
        String citation = "/v1/collections/default/citations?document=" + House.encode("urn:cited") + "&extracted="
                + hit.path("extracted").asText() + "&start=" + hit.path("start").asInt() + "&end="
                + hit.path("end").asInt();
        assertThat(house.get(citation).path("current").asBoolean()).isTrue();

        house.index("updated", "urn:cited", House.markdown("# Rope\n\nNylon rope holds nine tonnes."));
        JsonNode resolved = house.get(citation);
        assertThat(resolved.path("quote").asText())
                .isEqualTo(hit.path("text").asText())
                .contains("four tonnes");
        assertThat(resolved.path("current").asBoolean()).isFalse();
    }

    @Test
    void anAnswerCitesItsSentencesExactly() throws Exception {
        house.index("created", "urn:answer", House.markdown("# Kiln\n\nThe kiln fires porcelain at 1280 degrees."));
        HttpResponse<String> response = house.send(house.request(
                        "/v1/collections/default/answer", house.palimpsest.key())
                .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"The kiln fires porcelain at 1280 degrees\"}"))
                .build());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        for (JsonNode sentence : House.json(response).path("sentences")) {
            for (JsonNode citation : sentence.path("citations")) {
                assertThat(house.get("/v1/citations?collection=default&document="
                                        + House.encode(citation.path("document").asText()) + "&extracted="
                                        + citation.path("extracted").asText() + "&start="
                                        + citation.path("start").asInt() + "&end="
                                        + citation.path("end").asInt())
                                .path("quote"))
                        .isEqualTo(citation.path("quote"));
            }
        }
    }

    @Test
    void requestsWithoutAKnownKeyGetNothing() throws Exception {
        String event = house.event("created", "urn:refused", House.markdown("Never stored."));
        for (String path : List.of("/v1/status", "/v1/documents", "/v1/quarantine", "/v1/collections")) {
            for (HttpResponse<String> response : List.of(house.get(path, null), house.get(path, "pal_unknown"))) {
                assertThat(response.statusCode()).as(path).isEqualTo(401);
                assertThat(House.json(response).path("code").asText()).isEqualTo("PAL-601");
            }
        }
        assertThat(house.post(event.getBytes(UTF_8), "application/cloudevents+json", null)
                        .statusCode())
                .isEqualTo(401);
        assertThat(house.found("keyword", "stored")).doesNotContain("urn:refused");
    }

    @Test
    void anotherTenantSeesNothing() throws Exception {
        JsonNode change = house.index("created", "urn:ours", House.markdown("The vault opens at midnight."));
        for (String mode : MODES) {
            assertThat(house.search(mode, "vault midnight", OTHER_KEY).path("hits"))
                    .isEmpty();
        }
        for (String path : List.of(
                "/v1/changes/" + change.path("changeId").asText(),
                "/v1/documents/timeline?id=" + House.encode("urn:ours"))) {
            assertThat(house.get(path, OTHER_KEY).statusCode()).as(path).isEqualTo(404);
        }
        JsonNode hit = house.search("keyword", "vault midnight", house.palimpsest.key())
                .path("hits")
                .path(0);
        String citation = "/v1/citations?collection=default&document=" + House.encode("urn:ours") + "&extracted="
                + hit.path("extracted").asText() + "&start=0&end=5";
        assertThat(house.get(citation, OTHER_KEY).statusCode()).isEqualTo(404);
        assertThat(House.json(house.get("/v1/documents", OTHER_KEY)).path("documents"))
                .isEmpty();
        assertThat(House.json(house.get("/v1/status", OTHER_KEY))
                        .path("total")
                        .path("received")
                        .asLong())
                .isZero();
    }

    @Test
    void theLedgerIsToldWhatWasDoneAndNothingPersonal() throws Exception {
        house.index("created", "urn:ledger-probe", House.markdown("The sextant measures the sun."));
        house.ended(house.publish("deleted", "urn:ledger-probe", "{}"));
        house.get("/v1/status", "pal_unknown");
        House.until(() -> {
            Set<LedgerEntry.Type> types = new HashSet<>();
            house.ledger().forEach(entry -> types.add(entry.type()));
            assertThat(types)
                    .contains(
                            LedgerEntry.Type.CHANGE_ACCEPTED,
                            LedgerEntry.Type.REVISION_VISIBLE,
                            LedgerEntry.Type.DOCUMENT_DELETED,
                            LedgerEntry.Type.GENERATION_MADE,
                            LedgerEntry.Type.REQUEST_REFUSED,
                            LedgerEntry.Type.ARTIFACT_REGISTERED,
                            LedgerEntry.Type.CONFIGURATION_CHANGED);
            return true;
        });
        assertThat(Json.writeText(house.ledger()))
                .doesNotContain("urn:ledger-probe", "sextant", house.palimpsest.key());
    }

    @Test
    void metricsAreThereUnderTheirDocumentedNamesAndEveryPartIsReady() throws Exception {
        house.index("created", "urn:metrics", House.markdown("Basalt columns cool slowly."));
        house.search("hybrid", "basalt", house.palimpsest.key());
        HttpResponse<String> metrics = house.get("/metrics", null);
        assertThat(metrics.statusCode()).isEqualTo(200);
        for (Metric metric : Metric.values()) {
            String name = metric.id().replace('.', '_');
            String withUnit = name.endsWith(metric.unit()) ? name : name + "_" + metric.unit();
            String sample = switch (metric.type()) {
                case COUNTER -> withUnit + "_total";
                case TIMER -> withUnit + "_count";
                case GAUGE -> withUnit;
            };
            if (!WITHOUT_TRAFFIC.contains(metric)) {
                assertThat(metrics.body()).as(metric.id()).containsPattern("(?m)^" + sample + "\\b");
            }
        }
        assertThat(metrics.body()).doesNotContain("urn:metrics");
        JsonNode ready = House.json(house.get("/health/ready", null));
        assertThat(ready.path("ready").asBoolean()).as(ready.toString()).isTrue();
        assertThat(house.get("/health/live", null).statusCode()).isEqualTo(200);
    }

    private static ProducerRecord<byte[], byte[]> record(String key, String value) {
        return new ProducerRecord<>(Topics.INBOX.name(), key.getBytes(UTF_8), value.getBytes(UTF_8));
    }
}
