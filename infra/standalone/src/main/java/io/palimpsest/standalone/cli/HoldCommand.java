package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
final class HoldCommand extends CommandGroup {
    /** {@code hold add}. */
    @Command(name = "add", description = "Keeps a document from being erased. Role APPROVE.")
    static final class Add extends ClientCommand {
        @Mixin
        private InCollection in = new InCollection();

        @Parameters(paramLabel = "URI", description = "The document's id.")
        private String document;

        @Option(names = "--reason", required = true, description = "Why; it is kept.")
        private String reason;

        @Override
        public Integer call() {
            JsonNode placed = server.client().post(in.path("/holds"), Map.of("document", document, "reason", reason));
            out().println("Hold " + placed.path("hold").asText());
            return 0;
        }
    }

    /** {@code hold release}. */
    @Command(name = "release", description = "Ends a hold. Role APPROVE.")
    static final class Release extends ClientCommand {
        @Mixin
        private InCollection in = new InCollection();

        @Parameters(paramLabel = "HOLD", description = "As 'hold list' shows it.")
        private String hold;

        @Override
        public Integer call() {
            JsonNode unused = server.client().post(in.path("/holds/" + ApiClient.encode(hold) + "/release"), Map.of());
            out().println("Released.");
            return 0;
        }
    }

    /** {@code hold list}. */
    @Command(name = "list", description = "Holds of a collection, newest first, released ones too.")
    static final class ListAll extends ClientCommand {
        @Mixin
        private InCollection in = new InCollection();

        @Override
        public Integer call() {
            JsonNode all = server.client().get(in.path("/holds"));
            if (printed(all)) {
                return 0;
            }
            PrintWriter out = out();
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
