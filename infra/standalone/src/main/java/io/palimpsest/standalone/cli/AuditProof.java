package io.palimpsest.standalone.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code palimpsest audit proof}. */
@Command(
        name = "proof",
        description = "Writes an entry of the log and all that proves it to a file of C2SP tlog-proof.",
        footer = {"", "Example:", "  palimpsest audit proof 1042 --out 1042.tlog-proof"})
final class AuditProof extends ClientCommand {
    @Parameters(paramLabel = "INDEX", description = "Of the entry in the log, as audit document prints it.")
    private long index;

    @Option(names = "--out", paramLabel = "FILE", description = "Default: INDEX.tlog-proof in this folder.")
    private @Nullable Path file;

    @Override
    public Integer call() throws IOException {
        String proof = server.client().text("/v1/ledger/proofs/" + index);
        Path to = file == null ? Path.of(index + ".tlog-proof") : file;
        Files.writeString(to, proof, StandardCharsets.UTF_8);
        out().println(wrote(to));
        return 0;
    }
}
