package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Law 13 on the whole platform: after an erasure nothing is left but what the certificate says is, and the proofs still verify. */
final class EraseST {
    @TempDir
    private Path folder;

    private final Cli cli = new Cli();

    @Test
    void erasedDocumentIsInNoStoreAndInNoFileAndItsSourceCannotBringItBack() throws Exception {
        Path data = folder.resolve("data");
        String id;
        String nonce;
        try (House house = House.start(data, settings())) {
            String secret = "zanzibarquux";
            house.index(
                    "created",
                    "urn:secret:alpha",
                    House.markdown("# Plans\n\nThe " + secret + " is hidden in the cellar."));
            house.index("created", "urn:kept", House.markdown("# Eels\n\nEels swim to the Sargasso Sea."));
            house.index(
                    "updated",
                    "urn:secret:alpha",
                    House.markdown("# Plans\n\nThe " + secret + " is hidden in the attic now."));
            JsonNode answer = house.search("keyword", secret, house.palimpsest.key());
            assertThat(answer.path("hits")).isNotEmpty();
            JsonNode hit = answer.path("hits").path(0);
            feedback(house, answer, hit);
            JsonNode asked = asked(house, "urn:secret:alpha");
            id = asked.path("erasure").asText();
            nonce = asked.path("nonce").asText();

            refusedForTheSamePerson(house, id);
            assertThat(state(house, id)).isEqualTo("WAITING");
            approve(house, id);
            House.until(() -> state(house, id).equals("ERASED"));

            assertThat(house.found("keyword", secret)).isEmpty();
            assertThat(house.found("hybrid", "Eels")).contains("urn:kept");
            house.settled();
            offeredAgain(house, "urn:secret:alpha", secret);
            assertThat(house.found("keyword", secret)).isEmpty();
            JsonNode about =
                    house.get("/v1/collections/default/ledger/document?id=" + House.encode("urn:secret:alpha"));
            assertThat(about.path("entries"))
                    .as("nobody can open the commitments")
                    .isEmpty();
            certified(house, id, nonce);
            DescribedCalls api = house.described();
            JsonNode steps = api.get(200, "/v1/erasures/" + id).path("steps");
            assertThat(steps.toString()).contains("PROBE").doesNotContain("urn:secret:alpha");
            api.get(200, "/v1/runs/" + id);
            assertThat(api.wrong()).isEmpty();
        }
        assertThat(Remains.filesWith(data, "zanzibarquux")).as("text").isEmpty();
        assertThat(Remains.filesWith(data, "urn:secret:alpha"))
                .as("id, but for what the certificate names")
                .allMatch(EraseST::isResidual);
    }

    @Test
    void heldDocumentIsNotErasedUntilTheHoldIsReleased() throws Exception {
        try (House house = House.start(folder.resolve("data"), settings())) {
            house.index("created", "urn:held", House.markdown("# Case\n\nEvidence of the case."));
            ApiClient client = house.client();
            String hold = client.post(
                            "/v1/collections/default/holds", Map.of("document", "urn:held", "reason", "case 4 O 12/26"))
                    .path("hold")
                    .asText();
            String refused = asked(house, "urn:held").path("erasure").asText();
            approve(house, refused);
            House.until(() -> state(house, refused).equals("HELD"));
            assertThat(house.found("keyword", "evidence")).containsExactly("urn:held");
            assertThat(house.get("/v1/erasures/" + refused + "/certificate", house.palimpsest.key())
                            .statusCode())
                    .isEqualTo(409);

            client.post("/v1/collections/default/holds/" + hold + "/release", Map.of());
            String erased = asked(house, "urn:held").path("erasure").asText();
            approve(house, erased);
            House.until(() -> state(house, erased).equals("ERASED"));
            assertThat(house.found("keyword", "evidence")).isEmpty();
            DescribedCalls api = house.described();
            assertThat(api.get(200, "/v1/collections/default/holds").toString())
                    .contains("releasedAt")
                    .doesNotContain("urn:held");
            List<String> types = new ArrayList<>();
            house.ledger().forEach(entry -> types.add(entry.type().name()));
            assertThat(types)
                    .contains(
                            "HOLD_PLACED", "ERASURE_HELD", "HOLD_RELEASED", "DOCUMENT_SUPPRESSED", "ERASURE_COMPLETED");

            api.post(
                    200,
                    "/v1/collections/default/suppressions/lift",
                    Map.of("document", "urn:held", "reason", "by mistake"));
            assertThat(api.wrong()).isEmpty();
            house.index("created", "urn:held", House.markdown("# Case\n\nEvidence once more."));
            assertThat(house.found("keyword", "evidence")).containsExactly("urn:held");
        }
    }

    /** Random histories of several documents, some of which are erased while others go on being written. */
    @Test
    void whateverHappenedToDocumentsTheErasedOnesLeaveNothing() throws Exception {
        long seed = 20_261_122;
        Random random = new Random(seed);
        Path data = folder.resolve("data");
        List<Integer> erased = List.of(1, 4);
        try (House house = House.start(data, settings())) {
            for (int step = 0; step < 40; step++) {
                int document = random.nextInt(6);
                switch (random.nextInt(5)) {
                    case 0, 1, 2 ->
                        house.publish(
                                "updated",
                                name(document),
                                House.markdown("# T\n\n" + word(document) + " in step " + step));
                    case 3 -> house.search("hybrid", word(document), house.palimpsest.key());
                    default -> house.publish("deleted", name(document), "{}");
                }
            }
            erased.forEach(document -> {
                try {
                    house.publish("updated", name(document), House.markdown("# T\n\n" + word(document) + " at last"));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            List<String> ids = new ArrayList<>();
            for (int document : erased) { // changes of them are still in flight
                String id = asked(house, name(document)).path("erasure").asText();
                approve(house, id);
                ids.add(id);
            }
            for (int step = 0; step < 10; step++) {
                house.publish("updated", name(2), House.markdown("# T\n\n" + word(2) + " beside " + step));
            }
            for (String id : ids) {
                House.until(() -> state(house, id).equals("ERASED"));
            }
            house.settled();
            assertThat(house.found("keyword", word(2))).contains(name(2));
            for (int document : erased) {
                assertThat(house.found("keyword", word(document))).doesNotContain(name(document));
            }
        }
        for (int document : erased) {
            assertThat(Remains.filesWith(data, word(document)))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(Remains.filesWith(data, name(document)))
                    .as("seed %d", seed)
                    .allMatch(EraseST::isResidual);
        }
    }

    private static String name(int document) {
        return "urn:random:number" + document + ":x";
    }

    private static String word(int document) {
        return List.of("zyzzogeton", "quokkabrumal", "mxyzptlkian", "fjordvexing", "blotchhydrax", "waltzgumption")
                .get(document);
    }

    private static void feedback(House house, JsonNode answer, JsonNode hit) throws Exception {
        House.until(() -> {
            HttpResponse<String> given = house.send(house.request("/v1/feedback", house.palimpsest.key())
                    .POST(HttpRequest.BodyPublishers.ofString(Json.writeText(Map.of(
                            "queryId",
                            answer.path("queryId").asText(),
                            "kind",
                            "COMMENT",
                            "text",
                            "zanzibarquux is right",
                            "document",
                            hit.path("document").asText()))))
                    .build());
            assertThat(given.statusCode()).as(given.body()).isIn(200, 201, 202);
            return true;
        });
    }

    private static JsonNode asked(House house, String document) {
        return house.client()
                .post("/v1/collections/default/erasures", Map.of("document", document, "reason", "art. 17"));
    }

    private static void refusedForTheSamePerson(House house, String id) throws Exception {
        HttpResponse<String> refused = house.send(house.request("/v1/runs/" + id + "/approve", house.palimpsest.key())
                .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"it is me again\"}"))
                .build());
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
    }

    private static void approve(House house, String id) {
        JsonNode now = SecondPerson.approve(house.palimpsest.api(), id);
        assertThat(now.path("outcome").asText()).isEqualTo("APPROVED");
    }

    private static String state(House house, String id) throws Exception {
        JsonNode now = house.get("/v1/erasures/" + id);
        assertThat(now.path("state").asText()).as(now.toPrettyString()).isNotEqualTo("FAILED");
        return now.path("state").asText();
    }

    /** By HTTP, by the inbox, and by whatever else its source tries. */
    private static void offeredAgain(House house, String document, String text) throws Exception {
        HttpResponse<String> refused = house.post(
                house.event("updated", document, House.markdown(text)).getBytes(UTF_8),
                "application/cloudevents+json",
                house.palimpsest.key());
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("PAL-911").doesNotContain(document);
        long before = house.total().path("deadLettered").asLong();
        try (KafkaProducer<byte[], byte[]> producer = house.producer()) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    Topics.INBOX.name(),
                    null,
                    house.event("updated", document, House.markdown("offered again"))
                            .getBytes(UTF_8));
            record.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
            producer.send(record).get();
        }
        House.until(() -> house.total().path("deadLettered").asLong() > before);
    }

    private void certified(House house, String id, String nonce) throws Exception {
        Path file = folder.resolve("certificate");
        String server = house.palimpsest.api().toString();
        assertThat(cli.run(
                        "erase",
                        "certificate",
                        id,
                        "--output",
                        file.toString(),
                        "--api",
                        server,
                        "--key",
                        house.palimpsest.key()))
                .as(cli.said())
                .isZero();
        String key = house.get("/v1/ledger").path("keys").path(0).asText();
        assertThat(cli.run("audit", "verify", file.toString(), "--key", key))
                .as(cli.said())
                .isZero();
        assertThat(cli.said())
                .contains("It holds", "\"found\":0", "passages", "ledger-subjects")
                .doesNotContain("urn:secret:alpha");
        assertThat(cli.run(
                        "audit",
                        "verify",
                        file.toString(),
                        "--key",
                        key,
                        "--document",
                        "local/default/urn:secret:alpha",
                        "--nonce",
                        nonce))
                .as(cli.said())
                .isZero();
        assertThat(cli.run(
                        "audit",
                        "verify",
                        file.toString(),
                        "--key",
                        key,
                        "--document",
                        "local/default/urn:kept",
                        "--nonce",
                        nonce))
                .isEqualTo(1);
        String text = Files.readString(file);
        int body = text.indexOf("body ") + 20;
        Files.writeString(
                file, text.substring(0, body) + (text.charAt(body) == 'A' ? 'B' : 'A') + text.substring(body + 1));
        assertThat(cli.run("audit", "verify", file.toString(), "--key", key)).isEqualTo(1);
    }

    private Map<String, String> settings() throws IOException {
        return Map.of("http.key.file", SecondPerson.keyFile(folder).toString());
    }

    /** Named in the certificate: topics and the state of the streams, until they expire. */
    private static boolean isResidual(Path file) {
        String path = file.toString();
        return path.contains("/kafka/") || path.contains("/streams/");
    }
}
