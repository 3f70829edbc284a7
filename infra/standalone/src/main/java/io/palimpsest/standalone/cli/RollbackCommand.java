package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code palimpsest rollback}. */
@Command(
        name = "rollback",
        description = "Back to the generation that was live before, with all changes since. Role APPROVE.")
final class RollbackCommand extends ClientCommand {
    @Mixin
    InCollection in = new InCollection();

    @Option(names = "--reason", required = true, description = "Why; it is kept in the history.")
    String reason;

    @Override
    public Integer call() {
        JsonNode live = server.client().post(in.path("/rollback"), Map.of("reason", reason));
        if (!printed(live)) {
            out().println("Live: " + live.path("id").asText() + " with "
                    + live.path("model").asText());
        }
        return 0;
    }
}
