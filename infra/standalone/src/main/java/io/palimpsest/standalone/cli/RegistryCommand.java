package io.palimpsest.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code palimpsest registry}. */
@Command(
        name = "registry",
        description = "Everything that versions are made of, and what names pointed at, now and then.",
        footer = {
            "%nExamples:",
            "  palimpsest registry list --kind GENERATION",
            "  palimpsest registry aliases --at 2026-03-01T12:00:00Z",
            "  palimpsest registry card all-minilm-l6-v2-lora/int8/0a1b2c3d --format html --output card.html"
        },
        subcommands = {
            RegistryCommand.Listing.class,
            RegistryCommand.Show.class,
            RegistryCommand.Aliases.class,
            RegistryCommand.Card.class
        })
final class RegistryCommand extends CommandGroup {
    /** {@code registry list}. */
    @Command(
            name = "list",
            description =
                    "Models, rerankers, tokenisers, generators, policies, extractors, training sets, generations, runs.")
    static final class Listing extends ClientCommand {
        @Option(names = "--kind", paramLabel = "KIND", description = "Only these, such as GENERATION.")
        private @Nullable String kind;

        @Override
        public Integer call() {
            JsonNode list = server.client()
                    .get("/v1/registry/artifacts" + (kind == null ? "" : "?kind=" + ApiClient.encode(kind)));
            if (printed(list)) {
                return 0;
            }
            PrintWriter out = out();
            list.path("artifacts")
                    .forEach(each -> out.printf(
                            "%-14s %-12s %-12.12s %s%n",
                            each.path("kind").asText(),
                            each.path("state").asText(),
                            each.path("digest").asText(),
                            each.path("id").asText()));
            return 0;
        }
    }

    /** {@code registry show}. */
    @Command(name = "show", description = "One of them, with where it came from and what stands on it.")
    static final class Show extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "Its id or its digest.")
        private String id;

        @Override
        public Integer call() {
            out().println(server.client().get(path(server.client(), id)).toPrettyString());
            return 0;
        }
    }

    /** {@code registry aliases}. */
    @Command(
            name = "aliases",
            description = "What live, serving and previous of each collection pointed at, and their moves.")
    static final class Aliases extends ClientCommand {
        @Option(names = "--at", paramLabel = "TIME", description = "Such as 2026-03-01T12:00:00Z. Default: now.")
        private @Nullable Instant at;

        @Override
        public Integer call() {
            JsonNode found = server.client().get("/v1/registry/aliases" + (at == null ? "" : "?at=" + at));
            if (printed(found)) {
                return 0;
            }
            PrintWriter out = out();
            out.println("At " + found.path("at").asText() + ":");
            found.path("aliases").forEach(move -> out.println(line(move)));
            out.println("All moves:");
            found.path("history").forEach(move -> out.println(line(move)));
            return 0;
        }

        private static String line(JsonNode move) {
            return String.format(
                    "%-28s %-20s %-9s %s -> %s  %s by %s %s",
                    move.path("at").asText(),
                    move.path("collection").path("collection").asText(),
                    move.path("alias").asText(),
                    move.path("from").asText("nothing"),
                    move.path("to").asText(),
                    move.path("act").asText(),
                    move.path("actor").asText(),
                    move.path("reason").asText(""));
        }
    }

    /** {@code registry card}. */
    @Command(name = "card", description = "Model card or index card.")
    static final class Card extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "Of a model or a generation, or its digest.")
        private String id;

        @Option(names = "--format", paramLabel = "FORMAT", description = "html or json. Default: ${DEFAULT-VALUE}.")
        private String format = "html";

        @Option(names = "--output", paramLabel = "FILE", description = "Where to write it. Default: the terminal.")
        private @Nullable Path output;

        @Override
        public Integer call() throws IOException {
            ApiClient client = server.client();
            byte[] card = client.bytes(path(client, id) + "/card?format=" + ApiClient.encode(format));
            if (output == null) {
                out().println(new String(card, UTF_8));
            } else {
                Files.write(output, card);
            }
            return 0;
        }
    }

    /** By its digest: ids of models have slashes, which paths do not carry. */
    private static String path(ApiClient client, String id) {
        for (JsonNode each : client.get("/v1/registry/artifacts").path("artifacts")) {
            if (each.path("id").asText().equals(id)) {
                String address = id.contains("/") ? each.path("digest").asText() : id;
                return "/v1/registry/artifacts/" + ApiClient.encode(address);
            }
        }
        return "/v1/registry/artifacts/" + ApiClient.encode(id);
    }
}
