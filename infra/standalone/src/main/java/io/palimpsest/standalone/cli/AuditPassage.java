package io.palimpsest.standalone.cli;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.PassageId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code palimpsest audit passage}. */
@Command(
        name = "passage",
        description =
                "Writes a file that proves that a generation had a document, or a passage of it, at a moment, or had not.",
        footer = {
            "",
            "Examples:",
            "  palimpsest audit passage urn:handbook --passage 0a4d55a8d778e5022fab701977c5d840",
            "  palimpsest audit passage urn:handbook --text passage.txt --at 2026-03-01T12:00:00Z",
            "  palimpsest audit passage urn:never-here"
        })
final class AuditPassage extends ClientCommand {
    @Mixin
    private InCollection in = new InCollection();

    @Parameters(paramLabel = "URI", description = "The document's id.")
    private String uri;

    @ArgGroup
    private @Nullable Which which;

    @Option(
            names = "--generation",
            paramLabel = "ID",
            description = "Default: the one that was live at the moment that is asked for.")
    private String generation = "live";

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description =
                    "By the last manifest that is not later, such as of 2026-03-01T12:00:00Z. Default: the newest one.")
    private @Nullable Instant at;

    @Option(
            names = {"--output", "--out"},
            paramLabel = "FILE",
            description = "Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("it.passage-proof");

    /** Neither: any passage of the document. */
    private static final class Which {
        @Option(
                names = "--passage",
                paramLabel = "HASH",
                description =
                        "Id of a passage, 32 hex digits, as hits and citations have it. Default: any of the document.")
        private @Nullable String passage;

        @Option(
                names = "--text",
                paramLabel = "FILE",
                description =
                        "Its text as it was embedded: headings joined by ' > ' and a line feed, where it has any, and then"
                                + " what is cited. Where a document has the same text twice, this is the first.")
        private @Nullable Path text;
    }

    @Override
    public Integer call() throws IOException {
        String passage = passage();
        String proof = server.client()
                .text(in.path("/generations/" + ApiClient.encode(generation) + "/manifests/proof?document="
                        + ApiClient.encode(uri)
                        + (passage == null ? "" : "&passage=" + ApiClient.encode(passage))
                        + (at == null ? "" : "&at=" + at)));
        Files.writeString(out, proof, StandardCharsets.UTF_8);
        boolean present = proof.contains("\nclaim present\n");
        out().println((present ? "It was there. " : "It was not there. ") + wrote(out));
        return 0;
    }

    private @Nullable String passage() throws IOException {
        if (which == null) {
            return null;
        }
        return which.text == null
                ? which.passage
                : PassageId.of(ContentHash.ofText(Files.readString(which.text)), 0)
                        .value();
    }
}
