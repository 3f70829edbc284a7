package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.testkit.document.Documents;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A watched folder of formats that parser processes read, under {@code kill -9} of the whole JVM: no parser process outlives
 * it, and the index is in the end that of a folder that was indexed in one go. The seed is printed; give it with {@code
 * -Dpalimpsest.seed}.
 */
@EnabledOnOs(OS.LINUX) // processes are found in /proc
final class FolderKillST {
    private static final int KILLS = 2;
    private static final int FILES = 16;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path work;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void killedWhileItParsesTheFolderIsIndexedAllTheSameAndNoParserIsLeft() throws Exception {
        long seed = Long.getLong("palimpsest.seed", System.nanoTime());
        System.out.println("FolderKillST seed " + seed);
        Random random = new Random(seed);
        Path folder = Files.createDirectory(work.resolve("watched"));
        for (int i = 0; i < FILES; i++) {
            write(folder, i, 1 + i % 5);
        }
        Path dataDir = work.resolve("killed");
        KillableService.prepare(dataDir, settings(dataDir, folder));
        for (int kill = 0; kill < KILLS; kill++) {
            // Not before something is parsed; from there on at any moment.
            long more = random.nextInt(3_000);
            long[] begun = new long[1];
            NodeProcess.killServiceWhen(dataDir, () -> {
                long now = System.nanoTime();
                begun[0] = begun[0] == 0 && !parsers(dataDir).isEmpty() ? now : begun[0];
                return begun[0] != 0 && now - begun[0] > TimeUnit.MILLISECONDS.toNanos(more);
            });
            House.until(() -> parsers(dataDir).isEmpty());
            for (int i = kill; i < FILES - 2 * KILLS; i += 5) {
                write(folder, i, 7 + kill);
            }
            Files.deleteIfExists(folder.resolve("report" + (FILES - 2 - 2 * kill) + ".docx"));
        }
        long files = FILES - KILLS;
        try (NodeProcess node = NodeProcess.startService(dataDir, "-Xmx768m")) {
            JsonNode total = settled(node.client(), files);
            assertThat(total.path("quarantined").asLong()
                            + total.path("deadLettered").asLong())
                    .as(total.toString())
                    .isZero();
            node.stop();
        }
        House.until(() -> parsers(dataDir).isEmpty());
        SortedMap<String, ContentHash> digests = IndexedDigests.of(dataDir);
        assertThat(digests).hasSize((int) files).isEqualTo(inOneGo(folder, files));
    }

    private SortedMap<String, ContentHash> inOneGo(Path folder, long files) throws Exception {
        Path dataDir = work.resolve("scratch");
        Settings settings = Settings.load(settings(dataDir, folder));
        try (Palimpsest palimpsest = Palimpsest.start(settings, KillableNode.cheapEmbedder())) {
            settled(new ApiClient(palimpsest.api(), palimpsest.key()), files);
        }
        return IndexedDigests.of(dataDir);
    }

    private static Map<String, String> settings(Path dataDir, Path folder) {
        return Map.of(
                "data.dir", dataDir.toString(),
                "http.port", "0",
                "kafka.embedded.port", "0",
                "extract.workers", "2",
                "folder.watch", folder.toString());
    }

    private static void write(Path folder, int number, int size) throws IOException {
        Path written = folder.resolveSibling("written"); // what the watch sees is whole
        boolean isDocx = number % 2 == 0;
        Path made = isDocx ? Documents.docx(written, size) : Documents.pdf(written, size);
        Files.move(
                made,
                folder.resolve("report" + number + (isDocx ? ".docx" : ".pdf")),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static JsonNode settled(ApiClient client, long files) throws Exception {
        House.until(() -> {
            JsonNode status = client.get("/v1/status");
            JsonNode folder = status.path("folders").path(0);
            JsonNode total = status.path("total");
            return !folder.path("listing").asBoolean()
                    && folder.path("listed").asLong() == files
                    && total.path("received").asLong()
                            >= folder.path("published").asLong()
                    && total.path("received").asLong() >= files
                    && House.inFlight(total) == 0;
        });
        return client.get("/v1/status").path("total");
    }

    /** Ids of the processes whose private directory is below it; the node itself is not among them. */
    private static List<String> parsers(Path dataDir) throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    String command = new String(Files.readAllBytes(process.resolve("cmdline")), ISO_8859_1);
                    if (command.contains(dataDir.toString()) && command.contains("PipesServer")) {
                        found.add(process.getFileName().toString());
                    }
                } catch (IOException e) {
                    // It has ended since it was listed.
                }
            }
        }
        return found;
    }
}
