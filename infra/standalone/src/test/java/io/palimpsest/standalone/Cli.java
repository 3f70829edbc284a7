package io.palimpsest.standalone;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** The command line in this JVM, and what it printed last. */
final class Cli {
    private String said = "";

    /** @return the exit status */
    int run(String... arguments) {
        StringWriter words = new StringWriter();
        int status = Main.commandLine(Map.of())
                .setOut(new PrintWriter(words, true))
                .setErr(new PrintWriter(words, true))
                .execute(arguments);
        said = words.toString();
        return status;
    }

    String said() {
        return said;
    }
}
