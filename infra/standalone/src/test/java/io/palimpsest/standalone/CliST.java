package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What people type: {@code up --watch} on a folder, and in another terminal the commands that ask it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
final class CliST {
    private static final Pattern API = Pattern.compile("Palimpsest is up: (http://127\\.0\\.0\\.1:\\d+) ");

    @TempDir
    static Path dir;

    private final StringWriter upSaid = new StringWriter();
    private final Cli cli = new Cli();
    private Path data;
    private Path watched;
    private Thread up;

    @BeforeAll
    void open() throws Exception {
        data = dir.resolve("data");
        watched = Files.createDirectory(dir.resolve("watched"));
        Files.writeString(
                watched.resolve("refunds.md"),
                "# Refunds\n\nA refund takes five working days after the goods have come back.");
        Files.writeString(
                watched.resolve("travel.md"),
                "# Travel\n\nTravel over 2,000 euros is approved by the finance director.");
        BadDocuments.TRUNCATED_PDF.in(watched);
        PrintWriter words = new PrintWriter(upSaid, true);
        String[] arguments = {
            "up",
            "--data",
            data.toString(),
            "--watch",
            watched.toString(),
            "--set",
            "http.port=0",
            "--set",
            "kafka.embedded.port=0",
            "--set",
            "embed.model=int8"
        };
        up = Thread.ofPlatform()
                .name("up")
                .start(() ->
                        Main.commandLine(Map.of()).setOut(words).setErr(words).execute(arguments));
        House.until(() -> {
            assertThat(up.isAlive()).as(upSaid.toString()).isTrue();
            return upSaid.toString().contains("Stop: Ctrl-C");
        });
    }

    @AfterAll
    void close() throws Exception {
        up.interrupt();
        up.join(TimeUnit.MINUTES.toMillis(1));
        assertThat(up.isAlive()).isFalse();
        assertThat(data.resolve("server.json")).as("a clean stop").doesNotExist();
    }

    @Test
    void upTellsWhereItIsHowFarItIsAndWhatItCouldNotRead() {
        assertThat(upSaid.toString())
                .containsPattern(API)
                .contains("Kafka: ", "Data:  " + data)
                .contains("3 accepted", "2 indexed, 1 failed", "ETA 0:00")
                .contains("The folder is indexed and watched, except for this:")
                .contains("could not be read: 1 (./palimpsest quarantine list)");
    }

    @Test
    void searchShowsPassagesWithTheirPlaces() throws Exception {
        succeeds("search", "how long does a refund take");
        assertThat(cli.said())
                .contains("1. " + watched.resolve("refunds.md").toUri() + ", Refunds   (score ")
                .contains("A refund takes five working days")
                .containsPattern("query \\S+, generation \\S+, model \\S+");

        JsonNode answer = json("search", "--mode", "keyword", "--limit", "1", "--explain", "working days");
        assertThat(answer.path("hits")).hasSize(1);
        assertThat(answer.path("hits").path(0).path("document").asText()).isEqualTo("folder:refunds.md");
        assertThat(answer.path("hits").path(0).path("explanation").isEmpty()).isFalse();

        succeeds("search", "--mode", "keyword", "xylophone");
        assertThat(cli.said()).contains("Nothing found. See what is indexed with: palimpsest status");
        succeeds("search", "--label", "team=hr", "refund");
        assertThat(cli.said()).contains("Nothing found");
    }

    @Test
    void answersCiteWhatTheyStandOnOrThereIsNone() {
        succeeds("answer", "Who approves travel over 2,000 euros?");
        assertThat(cli.said())
                .contains("finance director. [1]")
                .contains("  [1] " + watched.resolve("travel.md").toUri() + ", Travel");
        succeeds("answer", "Which instruments does the orchestra of Vienna play?");
        assertThat(cli.said()).startsWith("No answer: ");
    }

    @Test
    void statusAndHealthTellHowItStands() throws Exception {
        succeeds("status");
        assertThat(cli.said()).containsPattern("(?m)^ +accepted +3$").containsPattern("(?m)^ +quarantined +1$");
        JsonNode folder = json("status").path("folders").path(0);
        assertThat(folder.path("folder").asText()).isEqualTo(watched.toString());
        assertThat(folder.path("toPublish").asLong(-1)).isZero();
        assertThat(cli.run("health", "--data", data.toString())).isZero();
        assertThat(cli.said()).containsPattern("ready +true");
    }

    @Test
    void aDocumentIsToldWithEveryStage() throws Exception {
        succeeds("document", "folder:refunds.md");
        assertThat(cli.said()).containsPattern("state +INDEXED").containsPattern("totalMs +\\d+");
        assertThat(json("document", "folder:half.pdf")
                        .path("changes")
                        .path(0)
                        .path("state")
                        .asText())
                .isEqualTo("QUARANTINED");
        fails(1, "PAL-603", "document", "folder:unknown.md");
        fails(1, "PAL-603", "document", "--collection", "nowhere", "folder:refunds.md");
    }

    @Test
    void wrongUsageIsTwoAndAFailureOne() {
        String api = api();
        fails(2, "--frobnicate", "search", "--frobnicate", "x");
        fails(2, "QUERY", "search");
        fails(1, "PAL-", "search", "--mode", "psychic", "x");
        fails(1, "PAL-601", "status", "--key", "pal_wrong");
        assertThat(cli.run("status", "--data", dir.resolve("empty").toString())).isEqualTo(1);
        assertThat(cli.said()).contains("No server runs on " + dir.resolve("empty"), "--api URL");
        assertThat(cli.run(
                        "status", "--api", api, "--data", dir.resolve("empty").toString()))
                .isEqualTo(1);
        assertThat(cli.said()).contains("No key: give --key");
        assertThat(cli.run("search", "--api", "http://127.0.0.1:1", "--key", "k", "x"))
                .isEqualTo(1);
        assertThat(cli.said()).contains("No answer from http://127.0.0.1:1 : is the server running?");
        assertThat(cli.run("health", "--api", "http://127.0.0.1:1")).isEqualTo(1);
    }

    @Test
    void aSecondServerOnTheSameDataIsRefused() {
        fails(1, "PAL-", "up", "--set", "http.port=0", "--set", "kafka.embedded.port=0");
    }

    private String api() {
        Matcher told = API.matcher(upSaid.toString());
        assertThat(told.find()).isTrue();
        return told.group(1);
    }

    private void succeeds(String... words) {
        assertThat(run(words)).as(cli.said()).isZero();
    }

    private void fails(int status, String reason, String... words) {
        assertThat(run(words)).as(cli.said()).isEqualTo(status);
        assertThat(cli.said()).contains(reason);
    }

    private JsonNode json(String... words) throws Exception {
        succeeds(Stream.concat(Stream.of(words), Stream.of("--json")).toArray(String[]::new));
        return Json.mapper().readTree(cli.said());
    }

    /** In the data directory of the server. */
    private int run(String... words) {
        List<String> all = Stream.concat(Stream.of(words), Stream.of("--data", data.toString()))
                .toList();
        return cli.run(all.toArray(String[]::new));
    }
}
