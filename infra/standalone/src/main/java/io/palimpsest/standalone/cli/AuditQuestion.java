package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A question to a running server. */
abstract class AuditQuestion implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    ServerOptions server;

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** As JSON where that is wanted; otherwise nothing. */
    final boolean printed(JsonNode answer) {
        if (server.json) {
            out().println(answer.toPrettyString());
        }
        return server.json;
    }

    /** An entry and its place in the log. */
    static String line(JsonNode each) {
        JsonNode entry = each.path("entry");
        List<String> facts = entry.path("facts").properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(fact -> fact.getKey() + "=" + fact.getValue().asText())
                .toList();
        return String.format(
                "%8d  %-30s %-20s %-24s %s",
                each.path("index").asLong(),
                entry.path("at").asText(),
                entry.path("type").asText(),
                entry.path("actor").asText(),
                String.join(" ", facts));
    }
}
