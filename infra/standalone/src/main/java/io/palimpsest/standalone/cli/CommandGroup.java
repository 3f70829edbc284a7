package io.palimpsest.standalone.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does nothing itself: without one of its own commands it is wrong usage. */
abstract class CommandGroup implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public final void run() {
        List<String> names = List.copyOf(spec.subcommands().keySet());
        int last = names.size() - 1;
        throw new ParameterException(
                spec.commandLine(), "what? " + String.join(", ", names.subList(0, last)) + " or " + names.get(last));
    }
}
