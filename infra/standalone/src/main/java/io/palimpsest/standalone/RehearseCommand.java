package io.palimpsest.standalone;

import io.palimpsest.platform.config.SettingSources;
import io.palimpsest.platform.file.FolderTree;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code palimpsest rehearse}: for whoever makes an archive of classes with {@code -XX:ArchiveClassesAtExit} (JEP 350). */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Starts everything in a temporary directory, indexes and finds one document, and stops: so that"
                + " the Java that runs it can keep the classes that a start needs.")
final class RehearseCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("palimpsest-rehearsal");
        try {
            run(home);
        } finally {
            FolderTree.delete(home);
        }
        return 0;
    }

    private static void run(Path home) throws IOException, InterruptedException {
        Path data = home.resolve("data");
        Logging.toFile(data);
        Path documents = Files.createDirectories(home.resolve("documents"));
        Files.writeString(documents.resolve("rehearsal.md"), "# Rehearsal\n\nThe curtain rises at eight.\n");
        SettingSources settings = new SettingSources()
                .set("http.port", "0")
                .set("kafka.embedded.port", "0")
                .set("temporal.ui.port", "0")
                .set("data.dir", data.toString())
                .set("folder.watch", documents.toString());
        try (Palimpsest palimpsest = Palimpsest.start(settings.load())) {
            ApiClient client = new ApiClient(palimpsest.api(), palimpsest.key());
            new ProgressLine(client, new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .untilIdle();
            client.post("/v1/collections/default/search", Map.of("query", "when does the curtain rise"));
        }
    }
}
