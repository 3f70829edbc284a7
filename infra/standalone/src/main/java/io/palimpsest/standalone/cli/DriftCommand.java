package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code palimpsest drift}. */
@Command(
        name = "drift",
        description =
                "Signals of drift with their newest windows and thresholds, and alarms with what to do about them.")
final class DriftCommand extends ClientCommand {
    @Mixin
    InCollection in = new InCollection();

    @Override
    public Integer call() {
        JsonNode drift = server.client().get(in.path("/drift"));
        if (printed(drift)) {
            return 0;
        }
        PrintWriter out = out();
        for (JsonNode signal : drift.path("signals")) {
            JsonNode newest = signal.path("newest");
            out.printf(
                    "%-18s %-14s %s%n",
                    signal.path("signal").asText(),
                    signal.path("state").asText(),
                    newest.isObject()
                            ? newest.path("value").asText("too few samples") + " of "
                                    + newest.path("threshold").asText("no threshold") + ", "
                                    + newest.path("samples").asText() + " samples"
                            : "");
        }
        if (drift.path("alarms").isEmpty()) {
            out.println("No alarms.");
        }
        for (JsonNode alarm : drift.path("alarms")) {
            print(out, alarm);
        }
        return 0;
    }

    /** With the first proposal against it, which is what to do. */
    static void print(PrintWriter out, JsonNode row) {
        JsonNode alarm = row.path("alarm");
        out.printf(
                "Alarm %s, %s, since %s%s%n",
                alarm.path("id").asText(),
                alarm.path("kind").asText(),
                alarm.path("raisedAt").asText(),
                row.has("endedAt") ? ", ended " + row.path("endedAt").asText() : "");
        for (JsonNode evidence : alarm.path("evidence")) {
            out.printf(
                    "    %s: %s%n",
                    evidence.path("signal").asText(), evidence.path("says").asText());
        }
        for (JsonNode proposal : row.path("proposals")) {
            JsonNode cost = proposal.path("cost");
            out.printf(
                    "  %s, about %.0f CPU seconds, %d passages, %d labels%s%n",
                    proposal.path("remedy").asText(),
                    cost.path("cpuSeconds").asDouble(),
                    cost.path("passages").asLong(),
                    cost.path("labels").asLong(),
                    cost.has("money") ? ", " + cost.path("money").asText() + " money" : "");
            proposal.path("evidence").forEach(why -> out.printf("    %s%n", why.asText()));
        }
    }
}
