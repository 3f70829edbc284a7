package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.index.passages.DocumentDigest;
import io.palimpsest.ingest.extract.markdown.MarkdownBlocks;
import io.palimpsest.ingest.passage.PassageCutter;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.ledger.log.TransparencyLog;
import io.palimpsest.ledger.sequence.Leaf;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.testkit.history.DocumentHistory;
import io.palimpsest.verifier.note.NoteSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Laws 1, 2, 5 and 12 under {@code kill -9}: a real history of thousands of changes is replayed while the whole JVM is killed
 * at random moments, a third of them while it starts and recovers; what is in the index at the end is exactly the final tree, passage by passage, and equals an index
 * built from scratch. The seed is printed; give it with {@code -Dpalimpsest.seed}.
 */
final class KillRestartST {
    private static final int KILLS = 20;
    private static final int CHUNK = 40;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path work;

    @Test
    @Timeout(value = 25, unit = TimeUnit.MINUTES)
    void killedAtRandomMomentsTheReplayEndsAsTheFinalTreePassageByPassage() throws Exception {
        Optional<Path> data = DocumentHistory.sharedData();
        assumeTrue(data.isPresent(), "needs ../shared/data/rust-rfcs");
        long seed = Long.getLong("palimpsest.seed", System.nanoTime());
        System.out.println("KillRestartST seed " + seed);
        try (DocumentHistory history = DocumentHistory.open(data.get().resolve("rust-rfcs"), work)) {
            ReplayFeed feed = new ReplayFeed(history);
            Path dataDir = work.resolve("killed");
            JsonNode total = replayWithKills(feed, dataDir, new Random(seed));

            assertThat(total.path("accepted").asLong())
                    .as("accepted changes end as one of the named ends: %s", total)
                    .isEqualTo(total.path("indexed").asLong()
                            + total.path("superseded").asLong()
                            + total.path("deleted").asLong()
                            + total.path("quarantined").asLong()
                            + total.path("empty").asLong());
            assertThat(total.path("passagesEmbedded").asLong())
                    .as("no text is embedded twice")
                    .isLessThanOrEqualTo(cachedVectors(dataDir));

            List<Leaf> log = log(dataDir);
            assertThat(log).extracting(Leaf::id).as("entries of the log").doesNotHaveDuplicates();
            assertThat(log.stream().filter(leaf -> leaf.type() == LedgerEntry.Type.CHANGE_ACCEPTED))
                    .as("what was accepted is in the log, once each")
                    .hasSize(total.path("accepted").asInt());

            SortedMap<String, ContentHash> inIndex = IndexedDigests.of(dataDir);
            assertThat(inIndex).isEqualTo(expected(history));
            assertThat(inIndex).isEqualTo(fromScratch(history));
        }
    }

    private JsonNode replayWithKills(ReplayFeed feed, Path dataDir, Random random)
            throws IOException, InterruptedException {
        int sent = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill % 3 == 2) {
                NodeProcess.killWhileStarting(dataDir, random.nextInt(200, 5000));
                continue;
            }
            try (NodeProcess node = NodeProcess.start(dataDir)) {
                int until = feed.size() * (kill + 1) / (KILLS + 1);
                long killAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(50, 3000));
                Killer killer = Killer.start(node, killAt);
                sent = publishUntilKilled(feed, node.client(), sent, until);
                killer.join();
            }
        }
        try (NodeProcess node = NodeProcess.start(dataDir)) {
            while (sent < feed.size()) {
                sent += feed.publish(node.client(), sent, Math.min(sent + 200, feed.size()));
            }
            JsonNode total = ReplayFeed.awaitIdle(node.client(), feed.size(), 600);
            awaitLedger(node.client());
            node.stop();
            return total;
        }
    }

    /** Until it has not grown for a while: it is a quarter of a second behind. */
    private static void awaitLedger(ApiClient client) throws InterruptedException {
        long before = -1;
        long now = client.get("/v1/ledger").path("treeSize").asLong();
        while (now != before) {
            TimeUnit.SECONDS.sleep(3);
            before = now;
            now = client.get("/v1/ledger").path("treeSize").asLong();
        }
    }

    /** All of it, after every file of it was compared with its hashes. */
    private static List<Leaf> log(Path dataDir) throws IOException {
        NoteSigner signer =
                NoteSigner.parse(Files.readString(dataDir.resolve("ledger").resolve("key")), Clock.systemUTC());
        TransparencyLog.Identity identity =
                new TransparencyLog.Identity(signer.key().name(), List.of(signer), List.of());
        try (TransparencyLog log =
                TransparencyLog.open(dataDir.resolve("ledger").resolve("log"), identity, Duration.ofMinutes(5))) {
            return log.entries(0, log.head().treeSize()).stream()
                    .map(Leaf::parse)
                    .toList();
        }
    }

    /** What is not known to be taken is sent again after the restart: duplicates are the gate's to drop. */
    private static int publishUntilKilled(ReplayFeed feed, ApiClient client, int from, int until) {
        int sent = from;
        try {
            while (sent < until) {
                sent += feed.publish(client, sent, Math.min(sent + CHUNK, until));
            }
        } catch (ApiClient.CallFailed | java.io.UncheckedIOException e) {
            return sent;
        }
        return sent;
    }

    private record Killer(Thread thread) {
        static Killer start(NodeProcess node, long at) {
            return new Killer(Thread.ofPlatform().name("killer").start(() -> {
                try {
                    TimeUnit.NANOSECONDS.sleep(at - System.nanoTime());
                    node.close();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }

        void join() throws InterruptedException {
            thread.join();
        }
    }

    private static long cachedVectors(Path dataDir) {
        try (Database database = Database.open(Settings.defaults(dataDir).database())) {
            return database.sql()
                    .first("SELECT COUNT(*) FROM embedding_cache", row -> row.getLong(1))
                    .orElse(0L);
        }
    }

    /** Cut straight from the final tree. */
    private SortedMap<String, ContentHash> expected(DocumentHistory history) {
        SortedMap<String, ContentHash> expected = new TreeMap<>();
        try (EmbedderTokenizer tokenizer = EmbedderTokenizer.miniLm(work.resolve("natives"))) {
            PassageCutter cutter = new PassageCutter(PassagePolicy.standard(), tokenizer::count);
            history.finalTree().forEach((path, blob) -> {
                String text = new String(history.content(blob), StandardCharsets.UTF_8);
                expected.put(
                        path,
                        DocumentDigest.over(cutter.cut(MarkdownBlocks.read(text)).passages().stream()
                                .map(passage -> passage.id())
                                .collect(Collectors.toList())));
            });
        }
        return expected;
    }

    private SortedMap<String, ContentHash> fromScratch(DocumentHistory history) throws InterruptedException {
        Path dataDir = work.resolve("scratch");
        CollectionKey collection = CollectionKey.of("local", "default");
        try (Palimpsest palimpsest = Palimpsest.start(KillableNode.settings(dataDir), KillableNode.cheapEmbedder())) {
            ApiClient client = new ApiClient(palimpsest.api(), palimpsest.key());
            history.finalTree()
                    .forEach((path, blob) -> client.post(
                            "/v1/changes",
                            "application/cloudevents+json",
                            io.palimpsest.contracts.event.Json.write(Map.of(
                                    "specversion",
                                    "1.0",
                                    "id",
                                    path,
                                    "source",
                                    "scratch",
                                    "type",
                                    "io.palimpsest.document.created",
                                    "subject",
                                    path,
                                    "collection",
                                    collection.collection().value(),
                                    "datacontenttype",
                                    "application/json",
                                    "data",
                                    Map.of(
                                            "content",
                                            new String(history.content(blob), StandardCharsets.UTF_8),
                                            "contentType",
                                            "text/markdown")))));
            ReplayFeed.awaitIdle(client, history.finalTree().size(), 300);
        }
        return IndexedDigests.of(dataDir);
    }
}
