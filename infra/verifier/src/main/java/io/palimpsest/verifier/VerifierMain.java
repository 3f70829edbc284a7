package io.palimpsest.verifier;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** {@code java -jar palimpsest-verifier.jar FILE KEY…}, {@code log PLACE KEY CHECKPOINT…}, or {@code erasure FILE DOCUMENT NONCE KEY…}. Exit codes: 0 it holds, 1 it does not, 2 wrong usage. */
public final class VerifierMain {
    private VerifierMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.size() >= 3 && arguments.get(0).equals("log")) {
            return log(arguments.subList(1, arguments.size()), out, err);
        }
        if (arguments.size() >= 5 && arguments.get(0).equals("erasure")) {
            return told(
                    () -> Verification.ofErasure(
                            Path.of(arguments.get(1)),
                            arguments.get(2),
                            arguments.get(3),
                            arguments.subList(4, arguments.size())),
                    out,
                    err);
        }
        if (arguments.size() < 2
                || arguments.get(0).startsWith("-")
                || arguments.get(0).equals("log")
                || arguments.get(0).equals("erasure")) {
            err.println("Usage: java -jar palimpsest-verifier.jar FILE KEY...");
            err.println("       java -jar palimpsest-verifier.jar log PLACE KEY CHECKPOINT...");
            err.println("       java -jar palimpsest-verifier.jar erasure FILE DOCUMENT NONCE KEY...");
            err.println(
                    "  FILE  a .tlog-proof, an evidence pack, a receipt, a .passage-proof, or the certificate of an erasure, as");
            err.println(
                    "        palimpsest audit proof, audit export, audit answer, audit passage and erase certificate write them");
            err.println(
                    "  DOCUMENT  tenant/collection/id: that the certificate is about it, which the NONCE of its request opens");
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
