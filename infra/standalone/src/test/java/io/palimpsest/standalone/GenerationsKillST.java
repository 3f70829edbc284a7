package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.standalone.cli.ApiClient;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Law 8 under {@code kill -9}: a build is killed at random moments while changes arrive, and so is the process after swap and roll-back. */
final class GenerationsKillST {
    private static final String GENERATIONS = "/v1/collections/default/generations";
    private static final String MODEL = "hashing/64/00000000";
    private static final int DOCUMENTS = 400;
    private static final int KILLS = 3;

    /** A build is killed in the middle of it. */
    private static final int SLOW = 4;

    private static final int FAST = 100;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path work;

    private int events;

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void whatIsBuiltSwappedAndRolledBackUnderKillsHasEveryChange() throws Exception {
        long seed = Long.getLong("palimpsest.seed", System.nanoTime());
        System.out.println("GenerationsKillST seed " + seed);
        Random random = new Random(seed);
        Path dataDir = work.resolve("data");
        String first;
        String second;
        try (NodeProcess node = node(dataDir, SLOW)) {
            for (int i = 0; i < DOCUMENTS; i++) {
                publish(node.client(), "created", i);
            }
            settled(node.client());
            first = node.client().get(GENERATIONS).path("live").asText();
            second = node.client()
                    .post(GENERATIONS, Map.of("model", MODEL))
                    .path("id")
                    .asText();
        }
        int seenBuilding = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            try (NodeProcess node = node(dataDir, SLOW)) {
                assertThat(node.client().get(GENERATIONS).path("live").asText()).isEqualTo(first);
                seenBuilding += state(node.client(), second).equals("BUILDING") ? 1 : 0;
                change(node.client(), random);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(50, 2000));
            }
        }
        assertThat(seenBuilding).as("kills in the middle of the build").isPositive();
        try (NodeProcess node = node(dataDir, FAST)) {
            String id = second;
            House.until(() -> state(node.client(), id).equals("READY"));
            node.client().post(GENERATIONS + "/" + id + "/swap", Map.of("reason", "better"));
        }
        try (NodeProcess node = node(dataDir, SLOW)) {
            assertThat(node.client().get(GENERATIONS).path("live").asText()).isEqualTo(second);
            change(node.client(), random);
            node.client().post("/v1/collections/default/rollback", Map.of("reason", "worse"));
        }
        try (NodeProcess node = node(dataDir, SLOW)) {
            assertThat(node.client().get(GENERATIONS).path("live").asText()).isEqualTo(first);
            settled(node.client());
            node.stop();
        }
        assertThat(IndexedDigests.of(dataDir, second))
                .isEqualTo(IndexedDigests.of(dataDir, first))
                .hasSizeGreaterThan(DOCUMENTS / 2);
    }

    /** @param percent of the time that builds may work */
    private static NodeProcess node(Path dataDir, int percent) throws Exception {
        KillableService.prepare(
                dataDir,
                Map.of(
                        "data.dir", dataDir.toString(),
                        "http.port", "0",
                        "kafka.embedded.port", "0",
                        "extract.workers", "2",
                        "generation.build.percent", Integer.toString(percent)));
        return NodeProcess.startService(dataDir, "-Xmx768m");
    }

    private static String state(ApiClient client, String id) {
        return client.get(GENERATIONS + "/" + id).path("state").asText();
    }

    /** Updates and deletes of some documents, whatever became of the last ones. */
    private void change(ApiClient client, Random random) {
        for (int i = 0; i < 20; i++) {
            publish(client, random.nextInt(4) == 0 ? "deleted" : "updated", random.nextInt(DOCUMENTS));
        }
    }

    private void publish(ApiClient client, String type, int document) {
        int event = ++events;
        client.post(
                "/v1/changes",
                "application/cloudevents+json",
                Json.write(Map.of(
                        "specversion",
                        "1.0",
                        "id",
                        "e" + event,
                        "source",
                        "/test",
                        "type",
                        "io.palimpsest.document." + type,
                        "subject",
                        "urn:" + document,
                        "datacontenttype",
                        "application/json",
                        "data",
                        type.equals("deleted")
                                ? Map.of()
                                : Map.of(
                                        "content",
                                        "# Page " + document + "\n\nThe anvil rings in event " + event + ".",
                                        "contentType",
                                        "text/markdown"))));
    }

    private static void settled(ApiClient client) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        JsonNode total;
        do {
            TimeUnit.MILLISECONDS.sleep(100);
            total = client.get("/v1/status").path("total");
        } while (House.inFlight(total) > 0 && System.nanoTime() < end);
        assertThat(House.inFlight(total)).isZero();
    }
}
