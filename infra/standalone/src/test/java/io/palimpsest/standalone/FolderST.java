package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watched folder, followed through everything that happens to it, stops included. */
final class FolderST {
    private static final int BURST = 300;

    @TempDir
    Path dir = Path.of("");

    @Test
    void aFolderIsFollowedThroughBurstsRenamesDeletesAndStops() throws Exception {
        Path folder = Files.createDirectory(dir.resolve("watched"));
        Path data = dir.resolve("data");
        Map<String, String> settings = Map.of("folder.watch", folder.toString());
        long embedded;
        try (House house = House.start(data, settings)) {
            embedded = burst(house, folder);
            renameEmbedsNothing(house, folder, embedded);
            deleteIsGone(house, folder);
            editEmbedsWhatChanged(house, folder, embedded);
            embedded = house.settled().path("passagesEmbedded").asLong();
        }

        Files.writeString(folder.resolve("note-3.md"), "Edited while nobody watched: oxbow.");
        Files.delete(folder.resolve("note-4.md"));
        Files.writeString(folder.resolve("late.md"), "Written while nobody watched: marram.");
        try (House house = House.start(data, settings)) {
            House.until(() -> house.found("keyword", "oxbow").equals(List.of("folder:note-3.md"))
                    && house.found("keyword", "marram").equals(List.of("folder:late.md"))
                    && house.found("keyword", "serial4").isEmpty());
            settled(house);
            assertThat(house.found("keyword", "serial3")).isEmpty();
            assertThat(house.found("keyword", "serial0")).isEqualTo(List.of("folder:renamed.md"));
            assertThat(house.settled().path("passagesEmbedded").asLong()).isEqualTo(embedded + 2);
            embedded = house.settled().path("passagesEmbedded").asLong();
        }

        try (House house = House.start(data, settings)) {
            settled(house);
            JsonNode folderProgress = house.get("/v1/status").path("folders").path(0);
            assertThat(folderProgress.path("published").asLong()).isZero();
            assertThat(folderProgress.path("listed").asLong()).isEqualTo(BURST - 1);
            assertThat(house.settled().path("passagesEmbedded").asLong()).isEqualTo(embedded);
            HttpResponse<String> metrics = house.get("/metrics", null);
            assertThat(metrics.body()
                            .lines()
                            .filter(line -> line.startsWith("palimpsest_passages_total{") && line.contains("embedded")))
                    .allMatch(line -> line.endsWith(" 0.0"));
        }
    }

    @Test
    void dataInTheWatchedFolderIsNotIndexed() throws Exception {
        Path folder = Files.createDirectory(dir.resolve("docs"));
        Path data = folder.resolve("palimpsest-data");
        Files.writeString(folder.resolve("one.md"), "A note about the river.");
        try (House house = House.start(data, Map.of("folder.watch", folder.toString(), "folder.rescan.ms", "100"))) {
            House.until(() -> house.found("keyword", "river").equals(List.of("folder:one.md")));
            Files.writeString(data.resolve("late.key"), "A secret about the river.");
            Files.writeString(folder.resolve("two.md"), "Another note about the river.");
            House.until(() -> house.found("keyword", "another note").contains("folder:two.md"));
            settled(house);
            assertThat(house.get("/v1/status")
                            .path("folders")
                            .path(0)
                            .path("listed")
                            .asLong())
                    .isEqualTo(2);
            assertThat(house.total().path("received").asLong()).isEqualTo(2);
        }
    }

    private static long burst(House house, Path folder) throws Exception {
        for (int i = 0; i < BURST; i++) {
            Files.writeString(folder.resolve("note-" + i + ".md"), "Note with serial" + i + " about the river.");
        }
        House.until(() -> house.total().path("indexed").asLong() >= BURST);
        JsonNode total = settled(house);
        assertThat(total.path("indexed").asLong()).isEqualTo(BURST);
        assertThat(total.path("passagesEmbedded").asLong()).isEqualTo(BURST);
        assertThat(house.found("keyword", "serial299")).containsExactly("folder:note-299.md");
        return total.path("passagesEmbedded").asLong();
    }

    private static void renameEmbedsNothing(House house, Path folder, long embedded) throws Exception {
        Files.move(folder.resolve("note-0.md"), folder.resolve("renamed.md"), StandardCopyOption.ATOMIC_MOVE);
        House.until(() -> house.found("keyword", "serial0").equals(List.of("folder:renamed.md")));
        assertThat(settled(house).path("passagesEmbedded").asLong()).isEqualTo(embedded);
    }

    private static void deleteIsGone(House house, Path folder) throws Exception {
        Files.delete(folder.resolve("note-1.md"));
        House.until(() -> house.found("keyword", "serial1").isEmpty());
        settled(house);
        for (String mode : List.of("keyword", "vector", "hybrid")) {
            assertThat(house.found(mode, "note with serial1 about the river")).doesNotContain("folder:note-1.md");
        }
    }

    private static void editEmbedsWhatChanged(House house, Path folder, long embedded) throws Exception {
        Files.writeString(folder.resolve("note-2.md"), "Note about the delta.");
        House.until(() -> house.found("keyword", "delta").equals(List.of("folder:note-2.md")));
        assertThat(settled(house).path("passagesEmbedded").asLong()).isEqualTo(embedded + 1);
    }

    /** The folder is listed, what it published has arrived, and nothing is in flight. */
    private static JsonNode settled(House house) throws Exception {
        House.until(() -> {
            JsonNode status = house.get("/v1/status");
            JsonNode folder = status.path("folders").path(0);
            return !folder.path("listing").asBoolean()
                    && status.path("total").path("received").asLong()
                            >= folder.path("published").asLong()
                    && House.inFlight(status.path("total")) == 0;
        });
        return house.settled();
    }
}
