package io.palimpsest.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.platform.s3.TestS3;
import io.palimpsest.testkit.engine.Engine;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.KafkaEngine;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.PostgresEngine;
import io.palimpsest.testkit.engine.S3Engine;
import io.palimpsest.testkit.engine.SmallDisk;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A server whose disk is full: callers are told what to do, and may come again; what was accepted is applied once; nobody
 * has to do anything but make room.
 */
@NeedsEngine({EngineKind.KAFKA, EngineKind.POSTGRES, EngineKind.S3})
@SuppressWarnings("NullAway.Init") // set at the beginning of each test
final class FullDiskIT extends IngestCalls {
    private static final int LARGE = 40_000; // characters that do not compress
    private static final int MOST = 400;

    @TempDir
    private Path dir;

    private final Random random = new Random(1);
    /** What readiness names as long as writes are refused, where it is asked for. */
    private Optional<String> part = Optional.empty();

    /** By event: the ids of changes that were accepted. */
    private final Map<String, String> accepted = new TreeMap<>();

    @Test
    void kafkasDiskIsFull() throws Exception {
        try (SmallDisk<KafkaEngine> disk = SmallDisk.kafka()) {
            String address = disk.engine().bootstrapServers();
            survives(
                    disk,
                    Map.of(
                            "kafka.bootstrap.servers", address,
                            "kafka.client.delivery.timeout.ms", "4000",
                            "kafka.client.request.timeout.ms", "2000",
                            "kafka.client.max.block.ms", "2000"),
                    "PAL-704",
                    "Kafka at " + address);
        }
    }

    @Test
    void postgresDiskIsFull() throws Exception {
        try (SmallDisk<PostgresEngine> disk = SmallDisk.postgres()) {
            PostgresEngine server = disk.engine();
            part = Optional.of("database");
            survives(
                    disk,
                    Map.of(
                            "database.url", server.jdbcUrl(),
                            "database.user", server.user(),
                            "database.password", server.password(),
                            "database.busy.timeout.ms", "2000"),
                    "PAL-703",
                    "PostgreSQL at " + server.jdbcUrl());
        }
    }

    @Test
    void bucketsDiskIsFull() throws Exception {
        try (SmallDisk<S3Engine> disk = SmallDisk.s3()) {
            S3Engine server = disk.engine();
            Map<String, String> settings = new HashMap<>(Map.of(
                    "content.store",
                    "s3",
                    "content.s3.endpoint",
                    server.endpoint().toString(),
                    "content.s3.access.key",
                    server.accessKey(),
                    "content.s3.secret.key",
                    server.secretKey(),
                    "content.s3.bucket",
                    "full",
                    "content.s3.attempts",
                    "2"));
            try (S3Client s3 = TestS3.client(server)) {
                s3.createBucket(r -> r.bucket("full"));
            }
            part = Optional.of("content");
            survives(disk, settings, "PAL-702", "S3 at " + server.endpoint());
        }
    }

    /** @param named what the message begins with */
    private void survives(SmallDisk<? extends Engine> disk, Map<String, String> settings, String code, String named)
            throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("extract.workers", "1");
        try (IngestHouse opened = new IngestHouse(dir.resolve("data"), all)) { // which needs the server at its end, too
            house = opened;
            fillAndMakeRoom(disk, code, named);
        }
    }

    private void fillAndMakeRoom(SmallDisk<? extends Engine> disk, String code, String named) throws Exception {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            events.add(next());
            assertThat(offer(events.getLast()).statusCode()).isEqualTo(202);
        }

        disk.fill();
        HttpResponse<String> refused;
        do {
            events.add(next());
            refused = offer(events.getLast());
        } while (refused.statusCode() == 202 && events.size() < MOST);
        JsonNode problem = json(refused);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(problem.get("code").asText()).isEqualTo(code);
        assertThat(problem.get("message").asText()).startsWith(named).containsAnyOf("disk", "room");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        if (part.isPresent()) {
            JsonNode state = json(ready()).path("parts").path(part.get());
            assertThat(state.path("ready").asBoolean(true)).as(state.toString()).isFalse();
            assertThat(state.path("detail").asText()).containsAnyOf("disk", "room");
        }

        disk.makeRoom();
        until(() -> offer(events.getLast()).statusCode() == 202);
        until(() -> ready().statusCode() == 200);
        for (int i = 0; i < 5; i++) {
            events.add(next());
            until(() -> offer(events.getLast()).statusCode() == 202);
        }

        assertThat(accepted).as("every event at last").hasSameSizeAs(events);
        for (String change : accepted.values()) {
            assertThat(ended(change).get("state").asText()).isEqualTo("INDEXED");
        }
        assertThat(house.indexer.records.values().stream()
                        .collect(Collectors.groupingBy(change -> change.value(), Collectors.counting())))
                .as("each once")
                .isEqualTo(accepted.values().stream().collect(Collectors.toMap(Function.identity(), id -> 1L)));
    }

    private HttpResponse<String> ready() throws Exception {
        return client.send(request("/health/ready").build(), HttpResponse.BodyHandlers.ofString());
    }

    private String next() {
        String text =
                random.ints(LARGE, 'a', 'z' + 1).mapToObj(Character::toString).collect(Collectors.joining());
        return event("urn:" + random.nextLong(), "io.palimpsest.document.created", "{\"content\":\"" + text + "\"}");
    }

    private HttpResponse<String> offer(String event) throws Exception {
        HttpResponse<String> response = client.send(
                request("/v1/changes")
                        .header("Content-Type", "application/cloudevents+json")
                        .POST(HttpRequest.BodyPublishers.ofString(event))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 202) {
            accepted.put(event, json(response).get("changeId").asText());
        }
        return response;
    }
}
