package io.palimpsest.standalone;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ledger.witness.WitnessMain;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.standalone.cli.ClientCommands;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command line. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "palimpsest",
        mixinStandardHelpOptions = true,
        version = "Palimpsest 0.1.0",
        description = "Keeps a retrieval index fresh, and says what it knew and when.",
        subcommands = {
            HelpCommand.class,
            UpCommand.class,
            DemoCommand.class,
            RehearseCommand.class,
            DoctorCommand.class,
            SecretsCommand.class,
            WitnessMain.class
        },
        footer = {
            "",
            "Start here:",
            "  palimpsest demo                     see the whole thing work on documents of its own",
            "  palimpsest demo retrain             from feedback to a better model, in ten minutes",
            "  palimpsest up --watch DIR           index a folder and keep it fresh",
            "  palimpsest search \"some words\"      then ask, in another terminal",
            "",
            "'palimpsest COMMAND --help' explains each command."
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    /** @param environment of the process: {@code PALIMPSEST_HTTP_PORT} and the like are settings */
    static CommandLine commandLine(Map<String, String> environment) {
        CommandLine line = new CommandLine(new Main(), new Factory(environment));
        ClientCommands.all().forEach(line::addSubcommand);
        explained(line.getCommandSpec());
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            explain(e, command.getErr());
            return 1;
        });
        return line;
    }

    /** {@code --help} wherever one is. */
    private static void explained(CommandSpec command) {
        boolean explains = command.options().stream().anyMatch(OptionSpec::usageHelp);
        if (!explains && !command.helpCommand()) {
            command.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Explains this command.")
                    .build());
        }
        command.subcommands().values().forEach(each -> explained(each.getCommandSpec()));
    }

    private static void explain(Exception e, PrintWriter err) throws Exception {
        switch (e) {
            case PalimpsestException ours -> {
                err.println(ours.code().id() + " " + ours.code() + ": " + ours.getMessage());
                err.println(ours.code().hint());
            }
            case ApiClient.CallFailed failed -> err.println(failed.getMessage());
            default -> throw e;
        }
    }

    /** Gives the commands that start a server, or look whether one would start, the environment, which nobody else reads. */
    private record Factory(Map<String, String> environment) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == UpCommand.class) {
                return type.cast(new UpCommand(environment));
            }
            if (type == DemoCommand.class) {
                return type.cast(new DemoCommand(environment));
            }
            if (type == RetrainDemoCommand.class) {
                return type.cast(new RetrainDemoCommand(environment));
            }
            if (type == DoctorCommand.class) {
                return type.cast(new DoctorCommand(environment));
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
