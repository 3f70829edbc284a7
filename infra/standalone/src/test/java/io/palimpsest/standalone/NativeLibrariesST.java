package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.standalone.cli.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real command in a process of its own, with the real embedder, killed and started again. */
final class NativeLibrariesST {
    @Test
    void nativeLibrariesAreLaidDownOnceAndTheTemporaryDirectoryStaysAsItIs(@TempDir Path dir) throws Exception {
        Path temporary = Files.createDirectories(dir.resolve("tmp"));
        Path natives = dir.resolve("data/natives");
        runAndKill(dir, temporary);
        SortedSet<String> laid = files(natives);
        assertThat(laid).anyMatch(name -> name.contains("onnxruntime")).anyMatch(name -> name.contains("sqlitejdbc"));
        assertThat(laid).anyMatch(name -> name.contains("rocksdbjni")).anyMatch(name -> name.contains("zstd-jni"));
        assertThat(natives(temporary)).isEmpty();

        SortedSet<String> before = files(temporary);
        runAndKill(dir, temporary);
        assertThat(files(temporary)).isEqualTo(before);
        assertThat(files(natives)).isEqualTo(laid);
    }

    private static void runAndKill(Path dir, Path temporary) throws Exception {
        Path data = dir.resolve("data");
        ServerAddress.remove(data);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + temporary,
                        "-Xmx768m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "up",
                        "--data",
                        data.toString(),
                        "--set",
                        "http.port=0",
                        "--set",
                        "kafka.embedded.port=0")
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("up.out").toFile())
                .start();
        try {
            House.until(() -> ServerAddress.read(data).isPresent() || !process.isAlive());
            ServerAddress address = ServerAddress.read(data)
                    .orElseThrow(() -> new AssertionError("it ended: " + text(dir.resolve("up.out"))));
            String key = Files.readString(data.resolve("local.key")).strip();
            ApiClient client = new ApiClient(address.api(), key);
            long received =
                    client.get("/v1/status").path("total").path("received").asLong();
            client.post("/v1/changes", "application/cloudevents+json", event("created", "urn:" + received));
            House.until(
                    () -> client.get("/v1/status").path("total").path("indexed").asLong() > received);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] event(String type, String document) {
        return Json.write(Map.of(
                "specversion",
                "1.0",
                "id",
                document,
                "source",
                "/test",
                "type",
                "io.palimpsest.document." + type,
                "subject",
                document,
                "datacontenttype",
                "application/json",
                "data",
                Map.of("content", "A native library.", "contentType", "text/markdown")));
    }

    private static SortedSet<String> natives(Path folder) throws IOException {
        SortedSet<String> names = files(folder);
        names.removeIf(name -> !name.matches(".*\\.(so|dylib|jnilib|dll)"));
        return names;
    }

    private static SortedSet<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            SortedSet<String> names = new TreeSet<>();
            files.filter(Files::isRegularFile)
                    .forEach(file -> names.add(folder.relativize(file).toString()));
            return names;
        }
    }
}
