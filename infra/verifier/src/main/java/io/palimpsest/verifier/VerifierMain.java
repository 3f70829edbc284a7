package io.palimpsest.verifier;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** {@code java -jar palimpsest-verifier.jar FILE KEY…}, or {@code log PLACE KEY CHECKPOINT…}. Exit codes: 0 it holds, 1 it does not, 2 wrong usage. */
public final class VerifierMain {
    private VerifierMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.size() >= 3 && arguments.get(0).equals("log")) {
            return log(arguments.subList(1, arguments.size()), out, err);
        }
        if (arguments.size() < 2
                || arguments.get(0).startsWith("-")
                || arguments.get(0).equals("log")) {
            err.println("Usage: java -jar palimpsest-verifier.jar FILE KEY...");
            err.println("       java -jar palimpsest-verifier.jar log PLACE KEY CHECKPOINT...");
            err.println(
                    "  FILE  a .tlog-proof, an evidence pack, a receipt, or a .passage-proof, as palimpsest audit proof, audit export,");
            err.println("        audit answer and audit passage write them");
            err.println("  PLACE a log as a directory, or its address such as https://log.example.org/log/");
            err.println("  CHECKPOINT  a file with a checkpoint that you kept; the log must continue it");
            err.println("  KEY   the log's verifier key (name+id+Base64), or a file with it");
            return 2;
        }
        return told(() -> Verification.of(Path.of(arguments.get(0)), arguments.subList(1, arguments.size())), out, err);
    }

    private static int log(List<String> arguments, PrintStream out, PrintStream err) {
        List<Path> earlier =
                arguments.subList(2, arguments.size()).stream().map(Path::of).toList();
        return told(
                () -> Verification.ofLog(arguments.get(0), arguments.subList(1, 2), earlier, entries -> {}), out, err);
    }

    private interface Check {
        Verification run() throws IOException;
    }

    private static int told(Check check, PrintStream out, PrintStream err) {
        try {
            Verification verification = check.run();
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
