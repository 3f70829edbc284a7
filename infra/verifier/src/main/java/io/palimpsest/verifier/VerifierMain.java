package io.palimpsest.verifier;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** {@code java -jar palimpsest-verifier.jar FILE KEY…}. Exit codes: 0 it holds, 1 it does not, 2 wrong usage. */
public final class VerifierMain {
    private VerifierMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.size() < 2 || arguments.get(0).startsWith("-")) {
            err.println("Usage: java -jar palimpsest-verifier.jar FILE KEY...");
            err.println(
                    "  FILE  a .tlog-proof, or an evidence pack, as palimpsest audit proof and audit export write them");
            err.println("  KEY   the log's verifier key (name+id+Base64), or a file with it");
            return 2;
        }
        try {
            Verification verification =
                    Verification.of(Path.of(arguments.get(0)), arguments.subList(1, arguments.size()));
            verification.lines().forEach((verification.holds() ? out : err)::println);
            return verification.holds() ? 0 : 1;
        } catch (NoSuchFileException e) {
            err.println("There is no file " + e.getMessage());
            return 2;
        } catch (IOException e) {
            err.println("The file cannot be read: " + e.getMessage());
            return 2;
        }
    }
}
