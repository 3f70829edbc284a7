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

/** What a person decides of a run's candidate; the command's name is the decision. */
abstract sealed class DecisionCommand implements Callable<Integer> {
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
        JsonNode now = server.client().post("/v1/runs/" + run + "/" + spec.name(), Map.of("reason", reason));
        spec.commandLine()
                .getOut()
                .println(
                        server.json
                                ? now.toPrettyString()
                                : "Run " + run + ": " + now.path("outcome").asText());
        return 0;
    }

    /** {@code palimpsest approve}. */
    @Command(name = "approve", description = "Lets the candidate of a run go live. Role APPROVE.")
    static final class Approve extends DecisionCommand {}

    /** {@code palimpsest reject}. */
    @Command(name = "reject", description = "Refuses the candidate of a run; the serving model stays. Role APPROVE.")
    static final class Reject extends DecisionCommand {}
}
