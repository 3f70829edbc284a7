package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
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
        assertThat(cli.said()).containsPattern("(?m)^ +accepted +\\d+$").containsPattern("(?m)^ +quarantined +1$");
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
    void quarantineIsListedAndTriedAgain() throws Exception {
        succeeds("quarantine", "list");
        assertThat(cli.said()).contains("folder:half.pdf", ErrorCode.EXTRACT_CORRUPT.id() + ": ");
        String entry =
                json("quarantine", "list").path("entries").path(0).path("entry").asText();
        assertThat(cli.said()).contains("\"document\" : \"folder:half.pdf\"");
        for (String which : List.of(entry, "--all")) {
            succeeds("quarantine", "retry", which);
            assertThat(cli.said()).contains("Tried again: 1");
            House.until(() -> json("quarantine", "list").path("total").asLong() == 1);
        }
        fails(1, "PAL-603", "quarantine", "retry", "unknown");
        fails(2, "Name one ENTRY", "quarantine", "retry");
        fails(2, "Name one ENTRY", "quarantine", "retry", "--all", entry);
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

    /** What programs get: each answer is of the form that the server itself describes. */
    @Test
    void answersAreAsTheServedDescriptionSays() throws Exception {
        String key = Files.readString(data.resolve("local.key")).strip();
        DescribedCalls api = new DescribedCalls(URI.create(api()), key);
        String event = "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/test\",\"subject\":\"urn:described\","
                + "\"type\":\"io.palimpsest.document.updated\",\"datacontenttype\":\"application/json\","
                + "\"data\":{\"content\":\"Kelp grows fast.\",\"contentType\":\"text/markdown\"}}";
        String change = api.post(202, "/v1/changes", "application/cloudevents+json", event.formatted("d1"))
                .path("changeId")
                .asText();
        api.post(202, "/v1/changes", "application/cloudevents-batch+json", "[" + event.formatted("d2") + ",{}]");
        api.post(400, "/v1/changes", "application/cloudevents+json", "{}");
        House.until(() -> api.get(200, "/v1/changes/" + change).has("endedAt"));
        api.get(404, "/v1/changes/unknown");
        api.getWithKey(401, "/v1/status", "pal_wrong");

        api.get(200, "/v1/documents?limit=10");
        api.get(200, "/v1/documents/timeline?id=folder:half.pdf");
        api.get(200, "/v1/documents/folder:refunds.md/timeline");
        api.get(200, "/v1/status");
        api.get(200, "/v1/quarantine");
        api.post(400, "/v1/quarantine/retry", Map.of("all", false));
        api.post(201, "/v1/collections", Map.of("collection", "described"));
        api.post(200, "/v1/collections", Map.of("collection", "described"));
        api.get(200, "/v1/collections");
        api.post(202, "/v1/folders/approve-deletes", Map.of());
        api.get(200, "/v1/sources");
        String comparison = api.post(202, "/v1/sources/folder/reconcile", Map.of("dryRun", true))
                .path("id")
                .asText();
        House.until(() -> api.get(200, "/v1/reconciliations/" + comparison)
                .path("state")
                .asText()
                .equals("DONE"));

        String collection = "/v1/collections/default";
        JsonNode found =
                api.post(200, collection + "/search", Map.of("query", "how long do refnds take", "explain", true));
        JsonNode hit = found.path("hits").path(0);
        String citation = "document=" + hit.path("document").asText() + "&extracted="
                + hit.path("extracted").asText() + "&start=" + hit.path("start").asInt() + "&end="
                + hit.path("end").asInt();
        api.get(200, collection + "/citations?" + citation);
        api.get(200, "/v1/citations?collection=default&" + citation);
        api.get(404, collection + "/citations?" + citation.replace("end=", "end=9"));
        api.post(400, collection + "/search", Map.of("query", ""));
        JsonNode answer =
                api.post(200, collection + "/answer", Map.of("query", "Who approves travel over 2,000 euros?"));
        assertThat(answer.path("sentences").path(0).path("citations")).isNotEmpty();
        api.post(200, collection + "/answer", Map.of("query", "Which instruments does the orchestra of Vienna play?"));
        api.post(202, "/v1/feedback", Map.of("queryId", found.path("queryId").asText(), "kind", "thumb", "value", 1));

        api.get(200, "/v1/models");
        String live = api.get(200, collection + "/generations").path("live").asText();
        api.get(200, collection + "/generations/" + live);
        api.post(
                200,
                collection + "/generations",
                Map.of("model", found.path("model").asText(), "estimateOnly", true));
        api.post(409, collection + "/rollback", Map.of("reason", "to see"));
        api.get(200, collection + "/review");
        String document = ApiClient.encode(hit.path("document").asText());
        audited(api, collection, document, found.path("queryId").asText());
        watched(api, collection);
        erased(api, collection);
        assertThat(api.wrong()).isEmpty();
    }

    /** What auditors ask; the log is a moment behind. */
    private static void audited(DescribedCalls api, String collection, String document, String query) throws Exception {
        api.get(200, "/v1/ledger");
        House.until(() -> !api.get(200, collection + "/ledger/document?id=" + document)
                .path("versions")
                .isEmpty());
        House.until(() -> api.answers(200, collection + "/ledger/query?id=" + query));
        api.get(200, collection + "/ledger/query?id=" + query);
        api.get(200, collection + "/ledger/live");
        api.get(200, collection + "/queries/" + query + "/receipt");
        api.post(200, collection + "/queries/" + query + "/rerun", Map.of());
        assertThat(api.get(200, collection + "/citing?document=" + document).path("queries"))
                .isNotEmpty();
        api.get(200, collection + "/learned?document=" + document);
        api.get(200, collection + "/generations/live/manifests");
        JsonNode artifact =
                api.get(200, "/v1/registry/artifacts").path("artifacts").path(0);
        String id = "/v1/registry/artifacts/" + artifact.path("digest").asText();
        api.get(200, id);
        api.get(200, id + "/card");
        assertThat(api.get(200, "/v1/registry/aliases").path("history")).isNotEmpty();
    }

    private static void watched(DescribedCalls api, String collection) throws Exception {
        api.get(200, collection + "/costs");
        api.get(200, collection + "/drift");
        api.post(202, collection + "/drift/reference", Map.of());
        api.get(200, collection + "/drift");
        api.post(202, collection + "/reconcile", Map.of("name", "described", "dryRun", true));
        assertThat(api.get(200, collection + "/runs").path("runs")).isNotEmpty();
    }

    /** Asked for, and taken back: a second person is in another test. */
    private static void erased(DescribedCalls api, String collection) throws Exception {
        Map<String, String> order = Map.of("document", "urn:described", "reason", "to see");
        String hold = api.post(201, collection + "/holds", order).path("hold").asText();
        api.get(200, collection + "/holds");
        api.post(200, collection + "/holds/" + hold + "/release", Map.of());
        String erasure =
                api.post(202, collection + "/erasures", order).path("erasure").asText();
        api.get(200, collection + "/erasures");
        api.get(200, "/v1/erasures/" + erasure);
        House.until(() -> api.get(200, "/v1/runs/" + erasure).has("approval"));
        api.post(409, "/v1/runs/" + erasure + "/approve", Map.of("reason", "it is me again"));
        api.post(202, "/v1/runs/" + erasure + "/cancel", Map.of());
        api.get(200, collection + "/tainted");
        api.post(404, collection + "/suppressions/lift", order);
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
