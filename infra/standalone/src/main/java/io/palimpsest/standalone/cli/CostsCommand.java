package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code palimpsest costs}. */
@Command(
        name = "costs",
        description = "What re-indexing has taken beside training: in all, for each document, for each run.")
final class CostsCommand extends ClientCommand {
    @Mixin
    InCollection in = new InCollection();

    @Override
    public Integer call() {
        JsonNode costs = server.client().get(in.path("/costs"));
        if (!printed(costs)) {
            print(out(), costs);
        }
        return 0;
    }

    static void print(PrintWriter out, JsonNode costs) {
        if (!costs.has("since")) {
            out.println("Nothing was written down yet: it is a few seconds behind the work.");
            return;
        }
        boolean priced = costs.has("currency");
        out.printf("Since %s%n", costs.path("since").asText());
        out.printf(
                "%-30s %16s %10s %10s %10s %8s %9s%s%n",
                "",
                "",
                "CPU s",
                "wall s",
                "embedded",
                "labels",
                "tokens",
                priced ? String.format("%12s", costs.path("currency").asText("money")) : "");
        total(out, "re-indexing", "documents", costs.path("reindexing"), priced);
        total(out, "generations", "documents", costs.path("generations"), priced);
        total(out, "training", "runs", costs.path("training"), priced);
        each(out, "re-indexing, each document", costs.path("reindexing").path("each"), priced);
        each(out, "training, each run", costs.path("training").path("each"), priced);
        if (!costs.path("details").isEmpty()) {
            out.println();
        }
        for (JsonNode detail : costs.path("details")) {
            String kind = detail.path("kind").asText().toLowerCase(Locale.ROOT);
            total(out, kind + " " + detail.path("subject").asText(), "", detail.path("total"), priced);
        }
        out.printf("%nEstimates of triage, %s%n", costs.path("estimates").asText());
    }

    private static void total(PrintWriter out, String name, String what, JsonNode total, boolean priced) {
        out.printf(
                "%-30s %16s %10s %10s %10d %8d %9d%s%n",
                name,
                what.isEmpty() ? "" : total.path("count").asText() + " " + what,
                figure(total.path("cpuSeconds")),
                figure(total.path("wallSeconds")),
                total.path("embedded").asLong(),
                total.path("labels").asLong(),
                total.path("tokens").asLong(),
                priced ? String.format("%12s", figure(total.path("money"))) : "");
    }

    private static void each(PrintWriter out, String name, JsonNode each, boolean priced) {
        if (each.isObject()) {
            out.printf(
                    "%-30s %16s %10s %10s %10s %8s %9s%s%n",
                    name,
                    "",
                    figure(each.path("cpuSeconds")),
                    figure(each.path("wallSeconds")),
                    "",
                    "",
                    "",
                    priced ? String.format("%12s", figure(each.path("money"))) : "");
        }
    }

    /** A dash where nobody could tell. */
    private static String figure(JsonNode number) {
        if (!number.isNumber()) {
            return "-";
        }
        double value = number.asDouble();
        return String.format(Locale.ROOT, value != 0 && value < 10 ? "%.4f" : "%.1f", value);
    }
}
