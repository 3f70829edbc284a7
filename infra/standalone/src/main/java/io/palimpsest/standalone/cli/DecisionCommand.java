package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a person decides of what waits for somebody; the command's name is the decision. */
abstract class DecisionCommand extends ClientCommand {
    private final String kind;

    @Option(names = "--reason", required = true, description = "Why; it is kept with the decision.")
    private String reason;

    /** @param kind of what waits, such as {@code Run} */
    DecisionCommand(String kind) {
        this.kind = kind;
    }

    /** Id of the run that waits; an erasure is one, too. */
    abstract String run();

    @Override
    public final Integer call() {
        JsonNode now = server.client().post("/v1/runs/" + run() + "/" + spec.name(), Map.of("reason", reason));
        if (!printed(now)) {
            out().println(kind + " " + run() + ": " + now.path("outcome").asText());
        }
        return 0;
    }

    /** Of a run's candidate. */
    abstract static sealed class OfRun extends DecisionCommand {
        @Parameters(paramLabel = "RUN", description = "As 'runs list' shows it.")
        private String run;

        OfRun() {
            super("Run");
        }

        @Override
        String run() {
            return run;
        }
    }

    /** {@code palimpsest approve}. */
    @Command(name = "approve", description = "Lets the candidate of a run go live. Role APPROVE.")
    static final class Approve extends OfRun {}

    /** {@code palimpsest reject}. */
    @Command(name = "reject", description = "Refuses the candidate of a run; the serving model stays. Role APPROVE.")
    static final class Reject extends OfRun {}
}
