package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code palimpsest quarantine list|retry}. */
@Command(
        name = "quarantine",
        description = "Content that could not be extracted, and trying it again.",
        subcommands = {QuarantineCommand.ListEntries.class, QuarantineCommand.Retry.class})
final class QuarantineCommand {

    /** {@code palimpsest quarantine list}. */
    @Command(
            name = "list",
            description =
                    "Every quarantined content with its document, error and what to do; then what is passed over in watched"
                            + " folders and buckets, and why.")
    static final class ListEntries extends ClientCommand {
        @Override
        public Integer call() {
            JsonNode answer = server.client().get("/v1/quarantine");
            if (printed(answer)) {
                return 0;
            }
            PrintWriter out = out();
            JsonNode entries = answer.path("entries");
            if (entries.isEmpty()) {
                out.println("Quarantine is empty.");
            }
            for (JsonNode entry : entries) {
                out.printf(
                        "%s  %s%n",
                        entry.path("entry").asText(), entry.path("document").asText());
                why(out, entry);
            }
            long total = answer.path("total").asLong();
            if (total > entries.size()) {
                out.printf("These are the newest %d of %d entries; 'retry --all' takes all.%n", entries.size(), total);
            }
            JsonNode status = server.client().get("/v1/status");
            for (JsonNode folder : status.path("folders")) {
                passedOver(out, folder.path("folder").asText(), folder);
            }
            for (JsonNode bucket : status.path("buckets")) {
                passedOver(out, bucket.path("bucket").asText(), bucket);
            }
            return 0;
        }

        /** No content of these was taken, so there is nothing to retry. */
        private static void passedOver(PrintWriter out, String where, JsonNode source) {
            JsonNode files = source.path("passedOver");
            if (!files.isEmpty()) {
                out.printf(
                        "Passed over in %s: %d%n",
                        where, source.path("unreadable").asLong());
            }
            for (JsonNode file : files) {
                out.printf("%s%n", file.path("path").asText());
                why(out, file);
            }
        }

        private static void why(PrintWriter out, JsonNode entry) {
            out.printf(
                    "    %s: %s%n",
                    entry.path("errorCode").asText(), entry.path("message").asText());
            if (entry.hasNonNull("hint")) {
                out.printf("    %s%n", entry.path("hint").asText());
            }
        }
    }

    /** {@code palimpsest quarantine retry}. */
    @Command(name = "retry", description = "Tries quarantined content again: one entry, or --all.")
    static final class Retry extends ClientCommand {
        @Parameters(arity = "0..1", paramLabel = "ENTRY", description = "Entry as 'quarantine list' shows it.")
        @Nullable
        String entry;

        @Option(names = "--all", description = "Every entry.")
        boolean all;

        @Override
        public Integer call() {
            if ((entry == null) != all) {
                throw new picocli.CommandLine.ParameterException(
                        spec.commandLine(), "Name one ENTRY (see 'palimpsest quarantine list'), or give --all");
            }
            Map<String, Object> request = entry == null ? Map.of("all", true) : Map.of("entry", entry);
            JsonNode answer = server.client().post("/v1/quarantine/retry", request);
            out().println("Tried again: " + answer.path("retried").asInt());
            return 0;
        }
    }
}
