package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.standalone.cli.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Law 13 under {@code kill -9}: an erasure whose process is killed again and again ends once, with a certificate, and nothing is left. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class EraseKillST {
    private static final String ERASED = "urn:erased:omega";
    private static final String WORD = "zyzzogeton";

    /** Killed once so many tasks of stores are done: before the first, in the midst of several phases, and in the probe. */
    private static final List<Integer> KILLS = List.of(0, 3, 9, 15, 21, 30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path work;

    @Test
    void erasureThatIsKilledInEveryPhaseEndsOnceAndLeavesNothing() throws Exception {
        Path dataDir = Files.createDirectories(work.resolve("data"));
        settings(dataDir);
        String id;
        try (NodeProcess node = NodeProcess.startService(dataDir, "-Xmx512m")) {
            publish(node.client(), ERASED, "# Omega\n\nThe " + WORD + " is here.");
            publish(node.client(), "urn:kept", "# Kept\n\nThe quokkabrumal stays.");
            House.until(() -> found(node.client(), WORD) == 1 && found(node.client(), "quokkabrumal") == 1);
            id = node.client()
                    .post("/v1/collections/default/erasures", Map.of("document", ERASED, "reason", "art. 17"))
                    .path("erasure")
                    .asText();
            SecondPerson.approve(ServerAddress.read(dataDir).orElseThrow().api(), id);
        }
        List<Integer> killedAfter = new ArrayList<>();
        for (int kill : KILLS) {
            NodeProcess.killServiceWhen(dataDir, () -> done(dataDir) >= kill);
            killedAfter.add(done(dataDir));
        }
        System.out.println("EraseKillST: killed after so many tasks of stores: " + killedAfter);
        try (NodeProcess node = NodeProcess.startService(dataDir, "-Xmx512m")) {
            House.until(() -> state(node.client(), id).equals("ERASED"));
            assertThat(found(node.client(), WORD)).isZero();
            assertThat(found(node.client(), "quokkabrumal")).isEqualTo(1);
            House.until(() -> completed(dataDir) == 1);
            assertThat(certificate(dataDir, id))
                    .as("killed after %s tasks", killedAfter)
                    .isZero();
        }
        assertThat(completed(dataDir)).as("entries of the log that say so").isEqualTo(1);
        assertThat(Remains.filesWith(dataDir, WORD)).as("text").isEmpty();
    }

    private static void publish(ApiClient client, String document, String text) {
        Map<String, Object> event = Map.of(
                "specversion",
                "1.0",
                "id",
                document,
                "source",
                "/tests",
                "type",
                "io.palimpsest.document.created",
                "subject",
                document,
                "datacontenttype",
                "text/markdown",
                "data",
                text);
        client.post("/v1/changes", "application/cloudevents+json", Json.write(event));
    }

    private int certificate(Path dataDir, String id) {
        return Main.commandLine(Map.of())
                .execute(
                        "erase",
                        "certificate",
                        id,
                        "--output",
                        work.resolve("certificate").toString(),
                        "--data",
                        dataDir.toString());
    }

    private static int found(ApiClient client, String word) {
        return client.post("/v1/collections/default/search", Map.of("query", word, "mode", "keyword"))
                .path("hits")
                .size();
    }

    private static String state(ApiClient client, String id) {
        JsonNode now = client.get("/v1/erasures/" + id);
        assertThat(now.path("state").asText()).as(now.toPrettyString()).isNotEqualTo("FAILED");
        return now.path("state").asText();
    }

    private static int done(Path dataDir) throws SQLException {
        return count(dataDir, "SELECT count(*) FROM erasure_task WHERE state = 'DONE'");
    }

    private static int completed(Path dataDir) throws SQLException {
        return count(dataDir, "SELECT count(*) FROM ledger_entry WHERE type = 'ERASURE_COMPLETED'");
    }

    private static int count(Path dataDir, String query) throws SQLException {
        try (Connection database = DriverManager.getConnection(
                        "jdbc:sqlite:" + dataDir.resolve("palimpsest.db") + "?busy_timeout=10000");
                Statement sql = database.createStatement();
                ResultSet row = sql.executeQuery(query)) {
            return row.getInt(1);
        }
    }

    private void settings(Path dataDir) throws IOException {
        Path keys = SecondPerson.keyFile(work);
        KillableService.prepare(
                dataDir,
                Map.of(
                        "data.dir", dataDir.toString(),
                        "http.port", "0",
                        "http.key.file", keys.toString(),
                        "kafka.embedded.port", "0",
                        "extract.workers", "1"));
    }
}
