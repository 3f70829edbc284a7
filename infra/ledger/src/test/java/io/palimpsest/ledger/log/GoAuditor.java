package io.palimpsest.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.palimpsest.verifier.note.NoteKey;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** Judges evidence by the program in {@code src/test/go}, which has Go's code for logs and none of ours. */
final class GoAuditor {
    private static final Path MODULE =
            Path.of(System.getProperty("palimpsest.root", "../..")).resolve("infra/ledger");
    private static final int TAMPERED = 1;

    private static @Nullable GoAuditor built;
    private static @Nullable String unavailable;

    private final Path program;

    private GoAuditor(Path program) {
        this.program = program;
    }

    /** Compiles the program, once; skips the test where there is no Go, or its module cannot be had. */
    static synchronized GoAuditor built() throws IOException {
        assumeTrue(unavailable == null, () -> String.valueOf(unavailable));
        try {
            built = built == null ? build() : built;
            return built;
        } catch (TestAbortedException e) {
            unavailable = e.getMessage();
            throw e;
        }
    }

    private static GoAuditor build() throws IOException {
        Optional<Path> go = go();
        assumeTrue(go.isPresent(), "Go is not there: https://go.dev/dl (on the PATH or in /usr/local/go)");
        Path source = MODULE.resolve("src/test/go");
        Output download = run(source, List.of(go.get().toString(), "mod", "download"));
        assumeTrue(download.status() == 0, "golang.org/x/mod cannot be had by Go: " + download.text());
        Path program = MODULE.resolve("target/logaudit").toAbsolutePath();
        Output built =
                run(source, List.of(go.get().toString(), "build", "-buildvcs=false", "-o", program.toString(), "."));
        if (built.status() != 0) {
            throw new AssertionError("go build: " + built.text());
        }
        return new GoAuditor(program);
    }

    /**
     * @param work for files that are handed over
     * @param log directory, or prefix of its URLs
     */
    Verdict audit(Evidence evidence, Path work, String log, NoteKey... keys) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString(), "-log", log, "-origin", "log.test"));
        for (NoteKey key : keys) {
            command.addAll(List.of("-key", key.text()));
        }
        Files.createDirectories(work);
        for (int i = 0; i < evidence.earlier.size(); i++) {
            command.addAll(List.of("-earlier", write(work.resolve("earlier" + i), evidence.earlier.get(i))));
        }
        command.addAll(List.of(
                "-entries",
                write(work.resolve("entries"), evidence.entryLines().getBytes(UTF_8)),
                "-proofs",
                write(work.resolve("proofs"), evidence.proofLines().getBytes(UTF_8))));
        return verdict(run(work, command));
    }

    Verdict audit(Evidence evidence, Path work) throws IOException {
        return audit(evidence, work, evidence.log.toString(), Logs.SIGNER.key());
    }

    private static Verdict verdict(Output output) {
        String word = output.text().strip();
        if (output.status() == 0) {
            return new Verdict(Finding.NOTHING, word);
        }
        String[] words = word.split("[ :]", 3);
        if (output.status() != TAMPERED || !words[0].equals("TAMPERED")) {
            throw new AssertionError("logaudit ended with " + output.status() + ": " + word);
        }
        return new Verdict(Finding.valueOf(words[1].toUpperCase(Locale.ROOT)), word);
    }

    private static Optional<Path> go() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/local/go/bin"))
                .map(directory -> Path.of(directory, "go"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String write(Path file, byte[] bytes) throws IOException {
        return Files.write(file, bytes).toString();
    }

    private record Output(int status, String text) {}

    private static Output run(Path directory, List<String> command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("CGO_ENABLED", "0");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                throw new AssertionError(command.get(0) + " does not end");
            }
            return new Output(process.exitValue(), text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
