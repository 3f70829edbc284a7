package io.palimpsest.standalone.cli;

import io.palimpsest.verifier.Verification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palimpsest audit verify}. */
@Command(
        name = "verify",
        description =
                "Verifies what the other commands write with nothing but the file and the log's key; no server is asked.",
        footer = {"", "Example:", "  palimpsest audit verify answer.receipt --key 'palimpsest.local/ledger+…'"})
final class AuditVerify implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            description =
                    "A .tlog-proof, an evidence pack, a receipt, a .passage-proof, a manifest, or the certificate of an erasure.")
    private Path file;

    @Option(
            names = "--document",
            paramLabel = "DOCUMENT",
            description = "That the certificate is about it, as tenant/collection/id. With --nonce.")
    private @Nullable String document;

    @Option(names = "--nonce", paramLabel = "NONCE", description = "As 'erase request' printed it.")
    private @Nullable String nonce;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            required = true,
            description = "The log's verifier key, name+id+Base64, or a file with it. Have it from somebody you trust,"
                    + " not from who gave you the file.")
    private List<String> keys;

    @Override
    public Integer call() throws IOException {
        if ((document == null) != (nonce == null)) {
            throw new ParameterException(spec.commandLine(), "--document and --nonce belong together");
        }
        Verification verification = document == null || nonce == null
                ? Verification.of(file, keys)
                : Verification.ofErasure(file, document, nonce, keys);
        PrintWriter to = verification.holds()
                ? spec.commandLine().getOut()
                : spec.commandLine().getErr();
        verification.lines().forEach(to::println);
        return verification.holds() ? 0 : 1;
    }
}
