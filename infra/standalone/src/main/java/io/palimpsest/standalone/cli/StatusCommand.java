package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code palimpsest status}. */
@Command(
        name = "status",
        description = "What became of every change: counts that add up, what is in flight, how old the oldest is.")
final class StatusCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    ServerOptions server;

    @Override
    public Integer call() {
        JsonNode status = server.client().get("/v1/status");
        PrintWriter out = spec.commandLine().getOut();
        if (server.json) {
            out.println(status.toPrettyString());
        } else {
            Tree.print(status, out, "");
        }
        return 0;
    }
}
