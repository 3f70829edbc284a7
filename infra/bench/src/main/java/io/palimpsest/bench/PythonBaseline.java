package io.palimpsest.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The Python side of {@link EmbeddingBench}: {@code python/embed_baseline.py}, one process, asked over its standard input. */
final class PythonBaseline implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Wall-clock and processor time of one task, in seconds. */
    record Cost(double seconds, double cpuSeconds) {}

    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    private PythonBaseline(Process process) {
        this.process = process;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** A Python with onnxruntime, in an environment below the directory; empty, with a word why, where there is none to be had. */
    static Optional<Path> prepare(Path work, PrintStream out) throws InterruptedException {
        Path python = work.resolve("venv").resolve("bin").resolve("python");
        try {
            if (!Files.isExecutable(python)) {
                run("python3", "-m", "venv", work.resolve("venv").toString());
            }
            if (run(python.toString(), "-c", "import onnxruntime, tokenizers") != 0
                    && run(python.toString(), "-m", "pip", "install", "-q", "onnxruntime", "tokenizers") != 0) {
                out.println("Without the Python side: onnxruntime and tokenizers could not be installed.");
                return Optional.empty();
            }
            return Optional.of(python);
        } catch (IOException e) {
            out.println("Without the Python side: python3 does not run here.");
            return Optional.empty();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    static PythonBaseline start(Path python, Path model, Path tokenizer, int threads) throws IOException {
        Path script = Files.createTempFile("embed_baseline", ".py");
        try (var in = PythonBaseline.class.getResourceAsStream("/python/embed_baseline.py")) {
            if (in == null) {
                throw new IOException("embed_baseline.py is not on the class path");
            }
            Files.write(script, in.readAllBytes());
        }
        script.toFile().deleteOnExit();
        PythonBaseline baseline = new PythonBaseline(new ProcessBuilder(
                        python.toString(),
                        script.toString(),
                        "--model",
                        model.toString(),
                        "--tokenizer",
                        tokenizer.toString(),
                        "--threads",
                        Integer.toString(threads))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        baseline.answer();
        return baseline;
    }

    /** As the script measured it: tokenising to normalising, without the way through the pipe. */
    Cost costOf(List<String> texts, int batch) throws IOException {
        ObjectNode request = JSON.createObjectNode().put("batch", batch);
        texts.forEach(request.putArray("texts")::add);
        requests.write(request.toString());
        requests.newLine();
        requests.flush();
        JsonNode answer = answer();
        return new Cost(answer.get("seconds").asDouble(), answer.get("cpu").asDouble());
    }

    private JsonNode answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the Python side ended; its message is above");
        }
        return JSON.readTree(line);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        requests.close();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
