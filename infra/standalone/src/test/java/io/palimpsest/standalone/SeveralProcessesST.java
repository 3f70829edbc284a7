package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.passages.DocumentDigest;
import io.palimpsest.index.weaviate.WeaviatePassageIndex;
import io.palimpsest.ingest.extract.markdown.MarkdownBlocks;
import io.palimpsest.ingest.passage.PassageCutter;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.KafkaEngine;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.PostgresEngine;
import io.palimpsest.testkit.engine.WeaviateEngine;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two ingest and two index services as processes of their own, on real servers: started at once, added in mid-flight,
 * restarted one after the other, killed, while a second generation is built; laws 1 to 8 hold on all of them.
 */
@NeedsEngine({EngineKind.KAFKA, EngineKind.POSTGRES, EngineKind.WEAVIATE})
final class SeveralProcessesST {
    private static final List<String> INGEST = List.of("ingest-1", "ingest-2");
    private static final String COLLECTION = "/v1/collections/default";
    private static final String GENERATIONS = COLLECTION + "/generations";
    private static final String MODEL = "hashing/64/00000000";
    private static final int CHUNK = 12;
    private static final long IDLE_SECONDS = 150;

    @TempDir
    Path work = Path.of("");

    private final Map<String, String> shared = new HashMap<>();
    private final KafkaEngine kafka;
    private int sent;

    SeveralProcessesST(PostgresEngine postgres, WeaviateEngine weaviate) throws SQLException {
        kafka = KafkaEngine.startContainer(Map.of()); // topics and groups have names of their own
        PostgresEngine database = postgres.newDatabase();
        shared.putAll(kafka.settings());
        shared.putAll(database.settings());
        shared.putAll(weaviate.settings("T" + UUID.randomUUID().toString().substring(0, 8)));
        shared.put("extract.workers", "2");
    }

    @Test
    void lawsHoldWhileProcessesComeAndGo() throws Exception {
        shared.put("content.dir", work.resolve("content").toString());
        shared.put("content.master.key.file", work.resolve("master.key").toString());
        long seed = Long.getLong("palimpsest.seed", System.nanoTime());
        System.out.println("palimpsest.seed=" + seed);
        ManyChanges changes = new ManyChanges(40, 320, new Random(seed));
        try (Cluster cluster = new Cluster(work, shared)) {
            cluster.start("ingest-1", "index-1"); // on nothing: schema, topics, key and generation are made at once
            publish(changes, cluster.client("ingest-1"), changes.size() / 6);
            cluster.start("ingest-2", "index-2"); // what is in flight is shared from now on
            aSecondOfTheSameNameEnds(cluster);
            eachServesItsOwn(cluster);
            publish(changes, cluster.client("ingest-2"), changes.size() / 3);
            String first = RunCalls.live(cluster.client("index-1"));
            String second = cluster.client("index-2")
                    .post(GENERATIONS, Map.of("model", MODEL))
                    .path("id")
                    .asText();
            for (String name : List.of("ingest-1", "index-1", "ingest-2", "index-2")) {
                cluster.stop(name);
                publish(changes, cluster.client(name.equals("ingest-1") ? "ingest-2" : "ingest-1"), sent + 3 * CHUNK);
                cluster.start(name);
            }
            publish(changes, cluster.client("ingest-1"), sent + 2 * CHUNK);
            cluster.kill("index-1");
            cluster.kill("ingest-1");
            publish(changes, cluster.client("ingest-2"), changes.size());
            cluster.start("ingest-1", "index-1");
            for (String ingest : INGEST) {
                countsAddUp(ReplayFeed.awaitIdle(cluster.client(ingest), changes.size(), IDLE_SECONDS), changes);
            }
            theNewestIsFoundAndNothingElse(cluster, changes);
            House.until(() -> state(cluster.client("index-1"), second).equals("READY"));
            cluster.client("index-1").post(GENERATIONS + "/" + second + "/swap", Map.of("reason", "better"));
            servedBy(second, cluster.client("index-1"), cluster.client("index-2"));
            theNewestIsFoundAndNothingElse(cluster, changes);
            cluster.client("index-2").post(COLLECTION + "/rollback", Map.of("reason", "worse"));
            servedBy(first, cluster.client("index-2"), cluster.client("index-1"));
            assertThat(digests(first)).isEqualTo(expected(changes));
            assertThat(digests(second)).isEqualTo(expected(changes));
            for (String name : List.of("ingest-1", "index-1", "ingest-2", "index-2")) {
                cluster.stop(name);
            }
        }
    }

    @AfterEach
    void stopKafka() {
        kafka.close();
    }

    /** What was not taken for certain is sent again. */
    private void publish(ManyChanges changes, ApiClient client, int until) {
        int end = Math.min(until, changes.size());
        while (sent < end) {
            sent += changes.publish(client, sent, Math.min(sent + CHUNK, end));
        }
    }

    private void aSecondOfTheSameNameEnds(Cluster cluster) throws Exception {
        Path another = cluster.prepared("ingest-x", Map.of("instance.name", "ingest-1"));
        assertThat(NodeProcess.endOfService(another)).contains(ErrorCode.INSTANCE_TAKEN.id(), "'ingest-1'");
        assertThat(cluster.client("ingest-1").get("/health/ready").path("ready").asBoolean())
                .isTrue();
    }

    private static void eachServesItsOwn(Cluster cluster) {
        Map<String, String> query = Map.of("query", "anything");
        assertThatThrownBy(() -> cluster.client("ingest-1").post(COLLECTION + "/search", query))
                .hasMessageContaining(ErrorCode.SERVICE_ELSEWHERE.id());
        assertThatThrownBy(() -> cluster.client("index-2").get("/v1/status"))
                .hasMessageContaining(ErrorCode.SERVICE_ELSEWHERE.id());
    }

    private void countsAddUp(JsonNode total, ManyChanges changes) {
        assertThat(sum(total, "accepted", "duplicates", "stale", "deadLettered"))
                .as(total.toString())
                .isEqualTo(total.path("received").asLong());
        assertThat(sum(total, "indexed", "superseded", "deleted", "quarantined", "empty"))
                .as(total.toString())
                .isEqualTo(total.path("accepted").asLong());
        assertThat(sum(total, "accepted", "stale")).as(total.toString()).isEqualTo(changes.distinct());
        assertThat(sum(total, "quarantined", "deadLettered", "empty"))
                .as(total.toString())
                .isZero();
        assertThat(sum(total, "passagesEmbedded"))
                .as("no text is embedded twice")
                .isLessThanOrEqualTo(cachedVectors());
    }

    private static long sum(JsonNode total, String... names) {
        return Stream.of(names).mapToLong(name -> total.path(name).asLong()).sum();
    }

    private static String state(ApiClient client, String generation) {
        return client.get(GENERATIONS + "/" + generation).path("state").asText();
    }

    /** At once by the process that was asked for it; others look four times a second. */
    private static void servedBy(String generation, ApiClient asked, ApiClient other) throws Exception {
        assertThat(serving(asked)).isEqualTo(generation);
        House.until(() -> serving(other).equals(generation));
    }

    private static String serving(ApiClient client) {
        return client.post(COLLECTION + "/search", Map.of("query", "lamp keeper", "limit", 1))
                .path("generation")
                .asText();
    }

    private void theNewestIsFoundAndNothingElse(Cluster cluster, ManyChanges changes) {
        theNewestIsFoundAndNothingElse(cluster.client("index-1"), cluster.client("index-2"), changes);
        theNewestIsFoundAndNothingElse(cluster.client("index-2"), cluster.client("index-1"), changes);
    }

    /** @param other tells what the hits of the one cite */
    private void theNewestIsFoundAndNothingElse(ApiClient client, ApiClient other, ManyChanges changes) {
        String now = Instant.now().toString();
        for (String mode : List.of("keyword", "hybrid")) {
            for (String id : changes.texts().keySet()) {
                String word = ManyChanges.word(ManyChanges.number(id));
                JsonNode hits = search(client, mode, word, now);
                if (mode.equals("keyword")) { // a hashing embedder takes some words for others
                    assertThat(hits.path(0).path("document").asText()).isEqualTo(id);
                }
                Set<String> texts = new TreeSet<>();
                hits.forEach(hit -> texts.add(hit.path("text").asText()));
                texts.removeIf(text -> !text.contains(word));
                String paragraph = changes.texts().get(id).split("\n\n", 3)[1].strip();
                assertThat(texts).as("%s: %s", mode, id).singleElement(STRING).contains(paragraph);
                assertThat(cited(other, hits.path(0)))
                        .as("law 6")
                        .isEqualTo(hits.path(0).path("text").asText());
            }
            for (String id : changes.deleted()) {
                Set<String> found = new TreeSet<>();
                search(client, mode, ManyChanges.word(ManyChanges.number(id)), now)
                        .forEach(hit -> found.add(hit.path("document").asText()));
                assertThat(found).as(mode).doesNotContain(id);
            }
        }
        JsonNode elsewhere = client.post("/v1/collections/another/search", Map.of("query", "lamp keeper"));
        assertThat(elsewhere.path("hits")).as("law 7").isEmpty();
    }

    private static String cited(ApiClient client, JsonNode hit) {
        String citation = COLLECTION + "/citations?document="
                + House.encode(hit.path("document").asText()) + "&extracted="
                + hit.path("extracted").asText() + "&start=" + hit.path("start").asInt() + "&end="
                + hit.path("end").asInt();
        return client.get(citation).path("quote").asText();
    }

    /** All there is: a hashing embedder takes some words for others, and may put many passages before the right one. */
    private static JsonNode search(ApiClient client, String mode, String query, String minFreshness) {
        return client.post(
                        COLLECTION + "/search",
                        Map.of("query", query, "mode", mode, "limit", 100, "minFreshness", minFreshness))
                .path("hits");
    }

    private long cachedVectors() {
        try (Database database = Database.open(settings().database())) {
            return database.sql()
                    .first("SELECT COUNT(*) FROM embedding_cache", row -> row.getLong(1))
                    .orElse(0L);
        }
    }

    private Settings settings() {
        return Settings.load(shared);
    }

    /** Of what the index shows of each document. */
    private SortedMap<String, ContentHash> digests(String generation) {
        SortedMap<String, ContentHash> digests = new TreeMap<>();
        try (WeaviatePassageIndex index =
                new WeaviatePassageIndex(settings().index().weaviate())) {
            DocumentKey after = null;
            List<DocumentDigest> page;
            do {
                page = index.digests(new GenerationId(generation), after, 500);
                page.forEach(d -> digests.put(d.key().document().value(), d.passages()));
                after = page.isEmpty() ? null : page.getLast().key();
            } while (!page.isEmpty());
        }
        return digests;
    }

    /** Cut straight from the final texts. */
    private SortedMap<String, ContentHash> expected(ManyChanges changes) {
        SortedMap<String, ContentHash> expected = new TreeMap<>();
        try (EmbedderTokenizer tokenizer = EmbedderTokenizer.miniLm(work.resolve("natives"))) {
            PassageCutter cutter = new PassageCutter(PassagePolicy.standard(), tokenizer::count);
            changes.texts()
                    .forEach((id, text) -> expected.put(
                            id,
                            DocumentDigest.over(cutter.cut(MarkdownBlocks.read(text)).passages().stream()
                                    .map(passage -> passage.id())
                                    .toList())));
        }
        return expected;
    }
}
