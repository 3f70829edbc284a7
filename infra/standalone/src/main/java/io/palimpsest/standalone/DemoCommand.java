package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.platform.config.SettingSources;
import io.palimpsest.platform.file.FolderTree;
import io.palimpsest.standalone.cli.AnswerCommand;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.standalone.demo.DemoDocuments;
import io.palimpsest.standalone.demo.DemoEdit;
import io.palimpsest.standalone.demo.DemoQuestion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code palimpsest demo}. */
@Command(
        name = "demo",
        subcommands = RetrainDemoCommand.class,
        description =
                "Shows the main job on documents of its own: indexes them, answers questions, edits, renames and"
                        + " deletes some while it runs, and prints what it saw. Exit code 1 when something was not as it should be.")
final class DemoCommand implements Callable<Integer> {
    private static final long VISIBLE_TIMEOUT_SECONDS = 30;
    private static final long POLL_MILLIS = 25;

    private final Map<String, String> environment;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where to put documents and data; kept afterwards (default: a temporary directory, removed).")
    @Nullable
    Path dir;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting; repeatable.")
    Map<String, String> set = Map.of();

    private int wrong;

    DemoCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = dir == null ? Files.createTempDirectory("palimpsest-demo") : Files.createDirectories(dir);
        try {
            run(
                    home.resolve("documents"),
                    home.resolve("data"),
                    spec.commandLine().getOut());
        } finally {
            if (dir == null) {
                FolderTree.delete(home);
            }
        }
        return wrong == 0 ? 0 : 1;
    }

    private void run(Path documents, Path data, PrintWriter out) throws InterruptedException {
        Logging.toFile(data);
        DemoDocuments demo = new DemoDocuments();
        demo.writeTo(documents);
        out.println("Wrote " + demo.names().size() + " documents: " + String.join(", ", demo.names()));
        SettingSources settings = new SettingSources()
                .set("http.port", "0")
                .set("kafka.embedded.port", "0")
                .environment(environment);
        set.forEach(settings::set);
        settings.set("data.dir", data.toString())
                .set("folder.watch", documents.toAbsolutePath().toString());
        long started = System.nanoTime();
        try (Palimpsest palimpsest = Palimpsest.start(settings.load())) {
            out.printf("Up after %.1f s: %s%n", seconds(started), palimpsest.api());
            ApiClient client = new ApiClient(palimpsest.api(), palimpsest.key());
            new ProgressLine(client, out).untilIdle();
            out.printf("Indexed %.1f s after the start.%n", seconds(started));
            ask(client, demo.questions(), out);
            for (DemoEdit edit : demo.edits()) {
                apply(client, edit, documents, out);
            }
            conclude(client, out);
        }
    }

    private void ask(ApiClient client, List<DemoQuestion> questions, PrintWriter out) {
        for (DemoQuestion question : questions) {
            out.println();
            out.println("Q: " + question.question());
            JsonNode answer = answer(client, question);
            AnswerCommand.print(answer, out);
            if (!holds(answer, question)) {
                wrong++;
                out.println("  !! expected \"" + question.phrase() + "\" from " + question.document());
            }
            out.flush();
        }
    }

    private void apply(ApiClient client, DemoEdit edit, Path documents, PrintWriter out) throws InterruptedException {
        long embeddedBefore = embedded(client);
        out.println();
        out.println("Now it " + edit.description() + " ...");
        out.flush();
        long start = System.nanoTime();
        edit.applyTo(documents);
        boolean seen = false;
        while (!seen && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(VISIBLE_TIMEOUT_SECONDS)) {
            seen = isVisible(client, edit);
            if (!seen) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
        if (!seen) {
            wrong++;
            out.println("  !! not visible after " + VISIBLE_TIMEOUT_SECONDS + " s");
            return;
        }
        double took = seconds(start);
        new ProgressLine(client, new PrintWriter(java.io.Writer.nullWriter())).untilIdle();
        out.printf(
                "  visible %.2f s after the file changed, %d passages embedded%n",
                took, embedded(client) - embeddedBefore);
        if (edit.after() != null) {
            out.println("  Q: " + edit.after().question());
            AnswerCommand.print(answer(client, edit.after()), out);
        } else {
            out.println("  no search finds " + edit.document() + " any more");
        }
        out.flush();
    }

    private static boolean isVisible(ApiClient client, DemoEdit edit) {
        if (edit.after() != null && !holds(answer(client, edit.after()), edit.after())) {
            return false;
        }
        DemoQuestion gone = edit.gone();
        return gone == null || !finds(client, gone.question(), edit.document());
    }

    private static JsonNode answer(ApiClient client, DemoQuestion question) {
        return client.post("/v1/collections/default/answer", Map.of("query", question.question()));
    }

    private static boolean finds(ApiClient client, String query, String document) {
        for (JsonNode hit : client.post("/v1/collections/default/search", Map.of("query", query, "limit", 100))
                .path("hits")) {
            if (hit.path("document").asText().endsWith(document)) {
                return true;
            }
        }
        return false;
    }

    /** Some sentence has the phrase and cites the document. */
    private static boolean holds(JsonNode answer, DemoQuestion question) {
        for (JsonNode sentence : answer.path("sentences")) {
            for (JsonNode citation : sentence.path("citations")) {
                if (citation.path("document").asText().endsWith(question.document())
                        && oneLine(citation.path("quote").asText() + " "
                                        + sentence.path("text").asText())
                                .contains(question.phrase())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }

    private static long embedded(ApiClient client) {
        return client.get("/v1/status").path("total").path("passagesEmbedded").asLong();
    }

    private void conclude(ApiClient client, PrintWriter out) {
        JsonNode total = client.get("/v1/status").path("total");
        out.println();
        out.printf(
                "What it saw: %d changes accepted = %d indexed + %d superseded + %d deleted + %d quarantined + %d empty;"
                        + " %d passages embedded, %d reused.%n",
                total.path("accepted").asLong(),
                total.path("indexed").asLong(),
                total.path("superseded").asLong(),
                total.path("deleted").asLong(),
                total.path("quarantined").asLong(),
                total.path("empty").asLong(),
                total.path("passagesEmbedded").asLong(),
                total.path("passagesReused").asLong());
        out.println(wrong == 0 ? "Everything was as it should be." : wrong + " things were not as they should be.");
        out.println("Now with your own documents: ./palimpsest up --watch DIR");
        out.flush();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
