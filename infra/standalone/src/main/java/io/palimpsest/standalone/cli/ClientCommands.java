package io.palimpsest.standalone.cli;

import java.util.List;

/** The commands that talk to a running server. */
public final class ClientCommands {
    private ClientCommands() {}

    public static List<Object> all() {
        return List.of(
                new SearchCommand(),
                new AnswerCommand(),
                new StatusCommand(),
                new HealthCommand(),
                new DocumentCommand(),
                new QuarantineCommand(),
                new ReconcileCommand(),
                new RunsCommand(),
                new DecisionCommand.Approve(),
                new DecisionCommand.Reject(),
                new RollbackCommand(),
                new ModelsCommand(),
                new DriftCommand(),
                new CostsCommand(),
                new AuditCommand(),
                new RegistryCommand(),
                new EraseCommand(),
                new HoldCommand(),
                new LabelsCommand());
    }
}
