package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** {@code palimpsest status}. */
@Command(
        name = "status",
        description = "What became of every change: counts that add up, what is in flight, how old the oldest is.")
final class StatusCommand extends ClientCommand {
    @Override
    public Integer call() {
        JsonNode status = server.client().get("/v1/status");
        if (!printed(status)) {
            Tree.print(status, out(), "");
        }
        return 0;
    }
}
