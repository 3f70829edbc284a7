package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deleted document: gone now, there as of before, to those who might see it, for as long as history is kept. */
final class HistoryST {
    private static final Duration RETENTION = Duration.ofSeconds(25);
    private static final String STAFF = "the-key-of-staff";
    private static final String STRANGER = "the-key-of-a-stranger";
    private static final String QUESTION = "the bellows feed the forge";

    @Test
    void aDeletedDocumentIsFoundAsOfBeforeUnderItsAccessListUntilHistoryEnds(@TempDir Path dir) throws Exception {
        Path keys = Files.write(
                dir.resolve("keys.json"),
                Json.write(List.of(key(STAFF, "staff", List.of("staff")), key(STRANGER, "stranger", List.of()))));
        Map<String, String> settings =
                Map.of("http.key.file", keys.toString(), "index.history.retention", RETENTION.toString());
        try (House house = House.start(dir.resolve("data"), settings)) {
            house.index(
                    "created",
                    "urn:forge",
                    "{\"content\":\"# Forge\\n\\nThe bellows feed the forge.\",\"contentType\":\"text/markdown\","
                            + "\"access\":[\"group:staff\"]}");
            Instant then = Instant.now();
            Thread.sleep(1); // history is kept to the millisecond: a change within that of a moment counts as before it
            JsonNode deleted = house.ended(house.publish("deleted", "urn:forge", "{}"));
            assertThat(deleted.path("state").asText()).isEqualTo("DELETED");

            for (String mode : List.of("keyword", "vector", "hybrid")) {
                assertThat(hits(search(house, STAFF, mode, null))).as(mode).isEmpty();
                assertThat(hits(search(house, STRANGER, mode, then))).as(mode).isEmpty();
                assertThat(hits(search(house, STAFF, mode, then))).as(mode).isNotEmpty();
            }
            JsonNode hit = hits(search(house, STAFF, "hybrid", then)).path(0);
            String citation = "/v1/collections/default/citations?document=" + House.encode("urn:forge") + "&extracted="
                    + hit.path("extracted").asText() + "&start="
                    + hit.path("start").asInt() + "&end=" + hit.path("end").asInt();
            String past = citation + "&asOf=" + then;
            HttpResponse<String> resolved = house.get(past, STAFF);
            assertThat(resolved.statusCode()).as(resolved.body()).isEqualTo(200);
            assertThat(House.json(resolved).path("quote").asText())
                    .isEqualTo(hit.path("text").asText())
                    .contains("bellows");
            assertThat(house.get(citation, STAFF).statusCode()).as("now").isEqualTo(404);
            assertThat(house.get(past, STRANGER).statusCode()).as("a stranger").isEqualTo(404);

            House.until(() -> search(house, STAFF, "hybrid", then).statusCode() == 410);
            assertThat(Instant.now()).isAfter(then.plus(RETENTION));
            assertThat(search(house, STAFF, "hybrid", then).body()).contains(ErrorCode.AS_OF_NOT_RETAINED.id());
            assertThat(house.get(past, STAFF).statusCode()).isEqualTo(410);
            // Whatever is asked for within the history that is kept, the document was deleted before it.
            House.until(() -> hits(search(house, STAFF, "keyword", Instant.now().minus(RETENTION.dividedBy(2))))
                    .isEmpty());
        }
    }

    private static Map<String, Object> key(String key, String name, List<String> groups) {
        return Map.of(
                "keyHash",
                ContentHash.ofText(key).value(),
                "tenant",
                "local",
                "name",
                name,
                "collections",
                List.of("*"),
                "roles",
                List.of("SEARCH"),
                "groups",
                groups);
    }

    private static HttpResponse<String> search(House house, String key, String mode, @Nullable Instant asOf)
            throws Exception {
        String at = asOf == null ? "" : ",\"asOf\":\"" + asOf + "\"";
        String body = "{\"query\":\"" + QUESTION + "\",\"mode\":\"" + mode + "\"" + at + "}";
        return house.send(house.request("/v1/collections/default/search", key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static JsonNode hits(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return House.json(response).path("hits");
    }
}
