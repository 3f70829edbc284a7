package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code palimpsest search}. */
@Command(
        name = "search",
        description = "Search a collection: keyword and vector together, best passages first.",
        footer = {
            "",
            "Examples:",
            "  palimpsest search \"how long do refunds take\"",
            "  palimpsest search --as-of 2026-11-01T00:00:00Z --label team=hr \"parental leave\""
        })
final class SearchCommand extends ClientCommand {
    private static final int SHOWN_CHARACTERS = 300;

    @Parameters(paramLabel = "QUERY", description = "What to look for, in plain words.")
    String query = "";

    @Mixin
    InCollection in = new InCollection();

    @Option(
            names = {"-n", "--limit"},
            defaultValue = "5",
            description = "Hits to show (default: ${DEFAULT-VALUE}).")
    int limit = 5;

    @Option(names = "--mode", description = "hybrid (default), vector or keyword.")
    @Nullable
    String mode;

    @Option(names = "--as-of", paramLabel = "INSTANT", description = "Search the corpus as it was then.")
    @Nullable
    String asOf;

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Only documents with this label; repeatable.")
    Map<String, String> labels = new LinkedHashMap<>();

    @Option(names = "--explain", description = "Show the scores of each leg.")
    boolean explain;

    @Override
    public Integer call() {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("query", query);
        request.put("limit", limit);
        request.put("explain", explain);
        if (mode != null) {
            request.put("mode", mode);
        }
        if (asOf != null) {
            request.put("asOf", asOf);
        }
        if (!labels.isEmpty()) {
            request.put("labels", labels);
        }
        JsonNode answer = server.client().post(in.path("/search"), request);
        if (!printed(answer)) {
            print(answer, out());
        }
        return 0;
    }

    private void print(JsonNode answer, PrintWriter out) {
        int rank = 1;
        for (JsonNode hit : answer.path("hits")) {
            out.printf(
                    "%n%d. %s   (score %.3f)%n",
                    rank++, Citations.place(hit), hit.path("score").asDouble());
            out.println("   " + Citations.oneLine(hit.path("text").asText(), SHOWN_CHARACTERS));
            if (explain) {
                out.println("   " + hit.path("explanation"));
            }
        }
        if (rank == 1) {
            out.println("Nothing found. See what is indexed with: palimpsest status");
        }
        answer.path("notes").forEach(note -> out.println("note: " + Citations.text(note)));
        out.printf(
                "%nquery %s, generation %s, model %s%n",
                answer.path("queryId").asText(),
                answer.path("generation").asText("-"),
                answer.path("model").asText("-"));
    }
}
