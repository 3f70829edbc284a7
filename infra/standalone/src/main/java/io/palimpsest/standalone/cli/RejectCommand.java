package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palimpsest reject}. */
@Command(name = "reject", description = "Refuses the candidate of a run; the serving model stays. Role APPROVE.")
final class RejectCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    ServerOptions server;

    @Parameters(paramLabel = "RUN", description = "As 'runs list' shows it.")
    String run;

    @Option(names = "--reason", required = true, description = "Why; it is kept with the decision.")
    String reason;

    @Override
    public Integer call() {
        JsonNode now = server.client().post("/v1/runs/" + run + "/reject", Map.of("reason", reason));
        spec.commandLine()
                .getOut()
                .println(
                        server.json
                                ? now.toPrettyString()
                                : "Run " + run + ": " + now.path("outcome").asText());
        return 0;
    }
}
