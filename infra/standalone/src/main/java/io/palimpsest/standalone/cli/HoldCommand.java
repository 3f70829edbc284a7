package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palimpsest hold}. */
@Command(
        name = "hold",
        description = "Legal holds: a document under one is not erased, whoever asks.",
        footer = {
            "",
            "Examples:",
            "  palimpsest hold add urn:contract:17 --reason \"case 4 O 12/26\"",
            "  palimpsest hold list",
            "  palimpsest hold release 09c1f2a3b4d5e6f7"
        },
        subcommands = {HoldCommand.Add.class, HoldCommand.Release.class, HoldCommand.ListAll.class})
final class HoldCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what? add, release or list");
    }

    /** {@code hold add}. */
    @Command(name = "add", description = "Keeps a document from being erased. Role APPROVE.")
    static final class Add implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private ServerOptions server;

        @Mixin
        private InCollection in = new InCollection();

        @Parameters(paramLabel = "URI", description = "The document's id.")
        private String document;

        @Option(names = "--reason", required = true, description = "Why; it is kept.")
        private String reason;

        @Override
        public Integer call() {
            JsonNode placed = server.client().post(in.path("/holds"), Map.of("document", document, "reason", reason));
            spec.commandLine().getOut().println("Hold " + placed.path("hold").asText());
            return 0;
        }
    }

    /** {@code hold release}. */
    @Command(name = "release", description = "Ends a hold. Role APPROVE.")
    static final class Release implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private ServerOptions server;

        @Mixin
        private InCollection in = new InCollection();

        @Parameters(paramLabel = "HOLD", description = "As 'hold list' shows it.")
        private String hold;

        @Override
        public Integer call() {
            JsonNode unused = server.client().post(in.path("/holds/" + ApiClient.encode(hold) + "/release"), Map.of());
            spec.commandLine().getOut().println("Released.");
            return 0;
        }
    }

    /** {@code hold list}. */
    @Command(name = "list", description = "Holds of a collection, newest first, released ones too.")
    static final class ListAll implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private ServerOptions server;

        @Mixin
        private InCollection in = new InCollection();

        @Override
        public Integer call() {
            JsonNode all = server.client().get(in.path("/holds"));
            PrintWriter out = spec.commandLine().getOut();
            if (server.json) {
                out.println(all.toPrettyString());
                return 0;
            }
            for (JsonNode hold : all.path("holds")) {
                out.printf(
                        "%s  %s  %s  %s%n",
                        hold.path("id").asText(),
                        hold.hasNonNull("releasedAt") ? "released" : "holds   ",
                        hold.path("document").asText("(erased)"),
                        hold.path("reason").asText());
            }
            return 0;
        }
    }
}
