package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks a running server. */
abstract class ClientCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    ServerOptions server;

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** @return false where JSON is not wanted: the answer is to be printed for people */
    final boolean printed(JsonNode answer) {
        if (server.json) {
            out().println(answer.toPrettyString());
        }
        return server.json;
    }

    /** What to say of a file that proves something. */
    static String wrote(Path file) {
        return "Wrote " + file + ". Verify it anywhere: palimpsest audit verify " + file + " --key KEY";
    }
}
