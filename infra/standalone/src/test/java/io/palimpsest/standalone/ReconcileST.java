package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.Sql;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whatever was lost between a watched folder and searches, a reconciliation brings it back: workflow, stream and index. */
@Timeout(600)
final class ReconcileST {
    private static final int NOTES = 30;

    @TempDir
    private Path dir;

    private Path folder = Path.of("");
    private Path data = Path.of("");
    private Map<String, String> settings = Map.of();

    private record Printed(int status, String text) {}

    @BeforeEach
    void write() throws Exception {
        folder = Files.createDirectory(dir.resolve("watched"));
        data = dir.resolve("data");
        settings = Map.of("folder.watch", folder.toString());
        for (int i = 0; i < NOTES; i++) {
            Files.writeString(file(i), "Note serial" + i + " about the river.");
        }
    }

    @Test
    void searchFindsWhatTheFolderHasAfterChangesWereLost() throws Exception {
        try (House house = House.start(data, settings)) {
            House.until(() -> house.total().path("indexed").asLong() >= NOTES);
            house.settled();
        }
        loseChanges();
        try (House house = House.start(data, settings)) {
            watched(house);
            house.settled();
            assertThat(house.found("keyword", "marram"))
                    .as("it was told, and lost")
                    .isEmpty();
            assertThat(house.found("keyword", "serial3")).as("its end was lost").isNotEmpty();
            long received = house.total().path("received").asLong();

            Printed dry = palimpsest("reconcile", "--dry-run");
            assertThat(dry.status()).as(dry.text()).isZero();
            assertThat(dry.text())
                    .contains("missing  folder:lost.md", "missing  folder:note-1.md")
                    .contains("changed  folder:note-2.md", "gone     folder:note-3.md")
                    .contains("2 missing, 1 changed, 1 gone, 0 published", "RECONCILED");
            house.settled();
            assertThat(house.total().path("received").asLong()).isEqualTo(received);
            assertThat(house.found("keyword", "marram")).isEmpty();

            Printed real = palimpsest("reconcile", "folder");
            assertThat(real.text()).contains("4 published");
            House.until(() -> house.found("keyword", "marram").equals(List.of("folder:lost.md"))
                    && house.found("keyword", "edited2").equals(List.of("folder:note-2.md"))
                    && house.found("keyword", "serial3").isEmpty());
            house.settled();
            assertThat(new TreeSet<>(house.found("keyword", "about the river"))).isEqualTo(files());

            assertThat(palimpsest("reconcile", "--dry-run").text()).contains("0 missing, 0 changed, 0 gone");
            Printed unknown = palimpsest("reconcile", "s3:nowhere");
            assertThat(unknown.status()).isEqualTo(1);
        }
    }

    @Test
    void suspiciousDeletesAreRefusedAndARunThatWasCutOffEndsOnce() throws Exception {
        try (House house = House.start(data, settings)) {
            House.until(() -> house.total().path("indexed").asLong() >= NOTES);
            house.settled();
        }
        for (int i = 0; i < 20; i++) {
            Files.delete(file(i));
        }
        inDatabase("DELETE FROM folder_listing");
        String run;
        try (House house = House.start(data, settings)) {
            watched(house);
            house.settled();
            Printed refused = palimpsest("reconcile");
            assertThat(refused.status()).as(refused.text()).isEqualTo(3);
            assertThat(refused.text()).contains("PAL-845", "--allow-deletes", "DELETES_HELD");
            assertThat(house.found("keyword", "serial0")).isNotEmpty();

            run = begun(house);
        }
        try (House house = House.start(data, settings)) {
            House.until(() -> house.get("/v1/runs/" + run).hasNonNull("outcome"));
            JsonNode end = house.get("/v1/runs/" + run);
            assertThat(end.path("outcome").asText()).as(end.toString()).isEqualTo("RECONCILED");
            assertThat(end.path("done")).hasSize(1);
            House.until(() -> house.found("keyword", "serial0").isEmpty());
            house.settled();
            assertThat(new TreeSet<>(house.found("keyword", "about the river"))).isEqualTo(files());
            assertThat(house.total().path("deleted").asLong()).isEqualTo(20);
        }
    }

    private void loseChanges() throws Exception {
        // Told to a broker that lost it.
        Path lost = Files.writeString(folder.resolve("lost.md"), "Marram about the river.");
        long micros = Files.getLastModifiedTime(lost).to(TimeUnit.MICROSECONDS);
        inDatabase(
                "INSERT INTO folder_listing (folder, path, size, mtime, hash, sequence, published)"
                        + " SELECT folder, 'lost.md', ?, ?, ?, 1000, 1 FROM folder_source",
                Files.size(lost),
                micros,
                ContentHash.of(Files.readAllBytes(lost)).value());
        inDatabase("DELETE FROM document WHERE document_id = 'folder:note-1.md'");
        FileTime time = Files.getLastModifiedTime(file(2));
        Files.writeString(file(2), "Note edited2 about the river."); // as long as before
        Files.setLastModifiedTime(file(2), time);
        Files.delete(file(3));
        inDatabase("DELETE FROM folder_listing WHERE path = 'note-3.md'");
    }

    private void inDatabase(String statement, Object... arguments) {
        try (Database database = Database.open(Settings.defaults(data).database())) {
            Sql sql = database.sql();
            assertThat(sql.update(statement, arguments)).isPositive();
        }
    }

    private static String begun(House house) throws Exception {
        HttpRequest request = house.request("/v1/collections/default/reconcile", house.palimpsest.key())
                .POST(HttpRequest.BodyPublishers.ofString(
                        Json.writeText(Map.of("name", "cut-off", "allowDeletes", true))))
                .build();
        HttpResponse<String> answer = house.send(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return House.json(answer).path("run").asText();
    }

    private static void watched(House house) throws Exception {
        House.until(() ->
                !house.get("/v1/status").path("folders").path(0).path("listing").asBoolean());
    }

    private Printed palimpsest(String... arguments) {
        StringWriter text = new StringWriter();
        CommandLine line = Main.commandLine(Map.of());
        PrintWriter out = new PrintWriter(text, true);
        line.setOut(out).setErr(out);
        int status = line.execute(Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()))
                .toArray(String[]::new));
        return new Printed(status, text.toString());
    }

    private Set<String> files() {
        Set<String> ids = new TreeSet<>();
        IntStream.range(0, NOTES)
                .filter(i -> Files.exists(file(i)))
                .forEach(i -> ids.add("folder:" + file(i).getFileName()));
        if (Files.exists(folder.resolve("lost.md"))) {
            ids.add("folder:lost.md");
        }
        return ids;
    }

    private Path file(int note) {
        return folder.resolve("note-" + note + ".md");
    }
}
