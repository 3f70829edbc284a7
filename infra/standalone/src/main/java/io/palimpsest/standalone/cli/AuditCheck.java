package io.palimpsest.standalone.cli;

import io.palimpsest.verifier.Verification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palimpsest audit check}. */
@Command(
        name = "check",
        description =
                "Reads a whole log, and compares it with its newest checkpoint and with those that you kept. Needs no API"
                        + " key, and trusts nothing but the log's key.",
        footer = {
            "",
            "Example:",
            "  palimpsest audit check http://127.0.0.1:8080/log/ --key KEY --earlier kept-last-month"
        })
final class AuditCheck implements Callable<Integer> {
    private static final long EVERY = 1_000_000;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PLACE",
            description = "A copy of the log's folder, or its address such as http://127.0.0.1:8080/log/.")
    private String place;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            required = true,
            description = "The log's verifier key, or a file with it.")
    private List<String> keys;

    @Option(
            names = "--earlier",
            paramLabel = "FILE",
            description =
                    "A checkpoint that you kept (PLACE/checkpoint of then); the log must continue it. Repeatable.")
    private List<Path> earlier = List.of();

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        Verification verification = Verification.ofLog(place, keys, earlier, entries -> {
            if (entries % EVERY == 0) {
                err.println(entries + " entries read");
            }
        });
        verification.lines().forEach((verification.holds() ? spec.commandLine().getOut() : err)::println);
        return verification.holds() ? 0 : 1;
    }
}
