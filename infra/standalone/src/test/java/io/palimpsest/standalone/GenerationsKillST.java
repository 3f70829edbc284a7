package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.lucene.LucenePassageIndex;
import io.palimpsest.index.passages.DocumentDigest;
import io.palimpsest.standalone.cli.ApiClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
        try (NodeProcess node = NodeProcess.start(dataDir)) {
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
            try (NodeProcess node = NodeProcess.start(dataDir)) {
                assertThat(node.client().get(GENERATIONS).path("live").asText()).isEqualTo(first);
                seenBuilding += state(node.client(), second).equals("BUILDING") ? 1 : 0;
                change(node.client(), random);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(50, 2000));
            }
        }
        assertThat(seenBuilding).as("kills in the middle of the build").isPositive();
        try (NodeProcess node = NodeProcess.start(dataDir)) {
            String id = second;
            House.until(() -> state(node.client(), id).equals("READY"));
            node.client().post(GENERATIONS + "/" + id + "/swap", Map.of("reason", "better"));
        }
        try (NodeProcess node = NodeProcess.start(dataDir)) {
            assertThat(node.client().get(GENERATIONS).path("live").asText()).isEqualTo(second);
            change(node.client(), random);
            node.client().post("/v1/collections/default/rollback", Map.of("reason", "worse"));
        }
        try (NodeProcess node = NodeProcess.start(dataDir)) {
            assertThat(node.client().get(GENERATIONS).path("live").asText()).isEqualTo(first);
            settled(node.client());
            node.stop();
        }
        assertThat(digests(dataDir, second)).isEqualTo(digests(dataDir, first)).hasSizeGreaterThan(DOCUMENTS / 2);
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

    private static List<DocumentDigest> digests(Path dataDir, String generation) {
        List<DocumentDigest> digests = new ArrayList<>();
        try (LucenePassageIndex index = new LucenePassageIndex(dataDir.resolve("index"))) {
            @Nullable DocumentKey after = null;
            List<DocumentDigest> page;
            do {
                page = index.digests(new GenerationId(generation), after, 500);
                digests.addAll(page);
                after = page.isEmpty() ? null : page.getLast().key();
            } while (!page.isEmpty());
        }
        return digests;
    }
}
