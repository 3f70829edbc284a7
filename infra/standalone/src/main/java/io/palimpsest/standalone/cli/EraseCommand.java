package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code palimpsest erase}. */
@Command(
        name = "erase",
        description = {
            "Erases a document everywhere: from every store, index, cache and log, with proof. A second person has to",
            "approve; from then on nothing stops it, and no source can bring the document back."
        },
        footer = {
            "",
            "Examples:",
            "  palimpsest erase request urn:contract:17 --reason \"art. 17 request 2026-114\"",
            "  palimpsest erase approve 5f3a9c01d2e4b687 --reason \"checked with legal\"   (somebody else's key)",
            "  palimpsest erase status 5f3a9c01d2e4b687",
            "  palimpsest erase certificate 5f3a9c01d2e4b687",
            "  palimpsest audit verify 5f3a9c01d2e4b687.erasure-certificate --key KEY",
            "  palimpsest erase lift urn:contract:17 --reason \"erased by mistake\""
        },
        subcommands = {
            EraseCommand.Request.class,
            EraseCommand.Approve.class,
            EraseCommand.Reject.class,
            EraseCommand.Status.class,
            EraseCommand.ListAll.class,
            EraseCommand.Certificate.class,
            EraseCommand.Lift.class
        })
final class EraseCommand extends CommandGroup {
    /** {@code erase request}. */
    @Command(name = "request", description = "Asks for an erasure. Role OPERATE.")
    static final class Request extends ClientCommand {
        @Mixin
        private InCollection in = new InCollection();

        @Parameters(paramLabel = "URI", description = "The document's id.")
        private String document;

        @Option(names = "--reason", required = true, description = "Why; it is kept, also in the certificate.")
        private String reason;

        @Override
        public Integer call() {
            JsonNode asked = server.client().post(in.path("/erasures"), Map.of("document", document, "reason", reason));
            if (printed(asked)) {
                return 0;
            }
            PrintWriter out = out();
            String id = asked.path("erasure").asText();
            out.println("Erasure " + id + " waits for a second person until "
                    + asked.path("expiresAt").asText() + ": palimpsest erase approve " + id + " --reason ...");
            out.println("Keep this: it shows that the certificate is about this document, and is kept nowhere else.");
            out.println("  nonce " + asked.path("nonce").asText());
            return 0;
        }
    }

    /** What a second person says. */
    abstract static sealed class Decision extends DecisionCommand {
        @Parameters(paramLabel = "ID", description = "Of the erasure.")
        private String erasure;

        Decision() {
            super("Erasure");
        }

        @Override
        String run() {
            return erasure;
        }
    }

    /** {@code erase approve}. */
    @Command(name = "approve", description = "Lets an erasure begin that somebody else asked for. Role APPROVE.")
    static final class Approve extends Decision {}

    /** {@code erase reject}. */
    @Command(name = "reject", description = "Refuses an erasure that has not begun. Role APPROVE.")
    static final class Reject extends Decision {}

    /** {@code erase status}. */
    @Command(name = "status", description = "Where an erasure stands, step by step.")
    static final class Status extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "Of the erasure.")
        private String erasure;

        @Override
        public Integer call() {
            JsonNode now = server.client().get("/v1/erasures/" + ApiClient.encode(erasure));
            if (printed(now)) {
                return 0;
            }
            PrintWriter out = out();
            out.println("state     " + now.path("state").asText());
            out.println("reason    " + now.path("reason").asText());
            out.println("asked by  " + now.path("requestedBy").asText() + " at "
                    + now.path("requestedAt").asText());
            now.path("said")
                    .forEach(word ->
                            out.println("said      " + word.path("person").asText() + ": "
                                    + (word.path("approved").asBoolean() ? "yes" : "no")));
            for (JsonNode step : now.path("steps")) {
                String result = step.path("done").asBoolean()
                        ? step.path("result").asText()
                        : "open " + step.path("errorCode").asText("");
                out.printf(
                        "%-6s %-24s %s%n",
                        step.path("act").asText(), step.path("store").asText(), result);
            }
            return 0;
        }
    }

    /** {@code erase list}. */
    @Command(name = "list", description = "Erasures of a collection, newest first.")
    static final class ListAll extends ClientCommand {
        @Mixin
        private InCollection in = new InCollection();

        @Override
        public Integer call() {
            JsonNode all = server.client().get(in.path("/erasures"));
            if (printed(all)) {
                return 0;
            }
            PrintWriter out = out();
            for (JsonNode each : all.path("erasures")) {
                out.printf(
                        "%s  %-10s %s  %s%n",
                        each.path("erasure").asText(),
                        each.path("state").asText(),
                        each.path("requestedAt").asText(),
                        each.path("reason").asText());
            }
            return 0;
        }
    }

    /** {@code erase certificate}. */
    @Command(name = "certificate", description = "Writes the certificate of an erasure. Role AUDIT or OPERATE.")
    static final class Certificate extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "Of the erasure.")
        private String erasure;

        @Option(
                names = "--output",
                paramLabel = "FILE",
                description = "Default: ID.erasure-certificate in this folder.")
        private @Nullable Path output;

        @Override
        public Integer call() throws IOException {
            String certificate = server.client().text("/v1/erasures/" + ApiClient.encode(erasure) + "/certificate");
            Path file = output == null ? Path.of(erasure + ".erasure-certificate") : output;
            Files.writeString(file, certificate, StandardCharsets.UTF_8);
            out().println(wrote(file));
            return 0;
        }
    }

    /** {@code erase lift}. */
    @Command(
            name = "lift",
            description = "Lets sources bring an erased document again; nothing comes back by itself. Role APPROVE.")
    static final class Lift extends ClientCommand {
        @Mixin
        private InCollection in = new InCollection();

        @Parameters(paramLabel = "URI", description = "The document's id.")
        private String document;

        @Option(names = "--reason", required = true, description = "Why.")
        private String reason;

        @Override
        public Integer call() {
            JsonNode unused =
                    server.client().post(in.path("/suppressions/lift"), Map.of("document", document, "reason", reason));
            out().println("Sources may bring it again.");
            return 0;
        }
    }
}
