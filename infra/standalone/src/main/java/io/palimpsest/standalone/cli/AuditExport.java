package io.palimpsest.standalone.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code palimpsest audit export}. */
@Command(
        name = "export",
        description = "Writes an evidence pack: all entries of a time, what proves them, and a report to read.",
        footer = {
            "",
            "Example:",
            "  palimpsest audit export --from 2026-03-01T00:00:00Z --to 2026-04-01T00:00:00Z --out march.zip"
        })
final class AuditExport extends ClientCommand {
    @Mixin
    private InCollection in = new InCollection();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            required = true,
            description = "Inclusive, such as 2026-03-01T00:00:00Z.")
    private Instant from;

    @Option(names = "--to", paramLabel = "TIME", required = true, description = "Exclusive.")
    private Instant to;

    @Option(
            names = "--document",
            paramLabel = "URI",
            description =
                    "A document that entries are shown to be about; repeatable. Who reads the pack learns its id.")
    private List<String> documents = List.of();

    @Option(names = "--out", paramLabel = "FILE", description = "Default: ${DEFAULT-VALUE}.")
    private Path file = Path.of("evidence.zip");

    @Override
    public Integer call() throws IOException {
        StringBuilder path = new StringBuilder("/ledger/pack?from=" + from + "&to=" + to);
        documents.forEach(document -> path.append("&document=").append(ApiClient.encode(document)));
        Files.write(file, server.client().bytes(in.path(path.toString())));
        out().println("Wrote " + file + ". Read its report.html; verify it: palimpsest audit verify " + file
                + " --key KEY");
        return 0;
    }
}
