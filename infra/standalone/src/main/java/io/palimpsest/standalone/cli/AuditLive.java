package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code palimpsest audit live}. */
@Command(
        name = "live",
        description =
                "Which generation and model were live at a moment, since when, how they came to be, and by which thresholds.",
        footer = {"", "Example:", "  palimpsest audit live --at 2026-03-01T12:00:00Z"})
final class AuditLive extends ClientCommand {
    @Mixin
    private InCollection in = new InCollection();

    @Option(names = "--at", paramLabel = "TIME", description = "Such as 2026-03-01T12:00:00Z. Default: now.")
    private @Nullable Instant at;

    @Override
    public Integer call() {
        JsonNode live = server.client().get(in.path("/ledger/live" + (at == null ? "" : "?at=" + at)));
        if (printed(live)) {
            return 0;
        }
        out().println("at          " + live.path("at").asText());
        out().println("generation  " + live.path("generation").asText() + ", live since "
                + live.path("since").asText());
        out().println("model       " + live.path("model").asText("unknown"));
        out().println("passages    " + live.path("policy").asText("unknown"));
        live.path("evaluations").forEach(this::evaluation);
        live.path("approvals")
                .forEach(each -> out().printf(
                                "%-11s by %s at %s, entry %s%n",
                                each.path("approved").asBoolean() ? "approved" : "refused",
                                each.path("by").asText(),
                                each.path("at").asText(),
                                each.path("entry").asText()));
        out().println("How it came to be:");
        live.path("story").forEach(each -> out().println(LogLine.of(each)));
        out().println("Settings in force:");
        live.path("configurations").forEach(each -> out().println(LogLine.of(each)));
        live.path("thresholds").properties().forEach(process -> {
            out().println("Thresholds of " + process.getKey() + ":");
            process.getValue()
                    .properties()
                    .forEach(setting -> out().println("          " + setting.getKey() + " = "
                            + setting.getValue().asText()));
        });
        return 0;
    }

    private void evaluation(JsonNode each) {
        out().println("evaluated   " + each.path("model").asText("unknown") + " by run "
                + each.path("run").asText() + ", entry " + each.path("entry").asText());
        each.path("figures")
                .properties()
                .forEach(figure -> out().println("            " + figure.getKey() + ": "
                        + figure.getValue().asText()));
        out().println("            report " + each.path("report").asText());
    }
}
