package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code palimpsest drift}. */
@Command(name = "drift", description = "Signals of drift with their newest windows and thresholds, and alarms.")
final class DriftCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    ServerOptions server;

    @Mixin
    InCollection in = new InCollection();

    @Override
    public Integer call() {
        JsonNode drift = server.client().get(in.path("/drift"));
        PrintWriter out = spec.commandLine().getOut();
        if (server.json) {
            out.println(drift.toPrettyString());
            return 0;
        }
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
            out.printf("Alarm: %s%n", alarm);
        }
        return 0;
    }
}
