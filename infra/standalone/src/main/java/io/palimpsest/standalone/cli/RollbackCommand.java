package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code palimpsest rollback}. */
@Command(
        name = "rollback",
        description = "Back to the generation that was live before, with all changes since. Role APPROVE.")
final class RollbackCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    ServerOptions server;

    @Mixin
    InCollection in = new InCollection();

    @Option(names = "--reason", required = true, description = "Why; it is kept in the history.")
    String reason;

    @Override
    public Integer call() {
        JsonNode live = server.client().post(in.path("/rollback"), Map.of("reason", reason));
        spec.commandLine()
                .getOut()
                .println(
                        server.json
                                ? live.toPrettyString()
                                : "Live: " + live.path("id").asText() + " with "
                                        + live.path("model").asText());
        return 0;
    }
}
