package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.platform.retry.Condition;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code palimpsest audit manifest}. */
@Command(
        name = "manifest",
        description =
                "Lists the manifests of a generation, has one made now, or writes the leaves of the newest to a file.",
        footer = {
            "",
            "Examples:",
            "  palimpsest audit manifest",
            "  palimpsest audit manifest --make",
            "  palimpsest audit manifest --out leaves.manifest   (verify it: palimpsest audit verify leaves.manifest --key KEY)"
        })
final class AuditManifest extends ClientCommand {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofHours(1);

    @Mixin
    private InCollection in = new InCollection();

    @Option(names = "--generation", paramLabel = "ID", description = "Default: the one that is live.")
    private String generation = "live";

    @Option(names = "--make", description = "Makes one now, changed or not, and waits for it.")
    private boolean make;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Writes the leaves of the newest there, and the proof of its entry to FILE.tlog-proof.")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ApiClient client = server.client();
        String path = in.path("/generations/" + ApiClient.encode(generation) + "/manifests");
        if (make) {
            made(client, path);
        }
        JsonNode list = client.get(path);
        if (out != null) {
            return written(client, path, list, out);
        }
        if (printed(list)) {
            return 0;
        }
        PrintWriter to = out();
        to.println("generation  " + list.path("generation").asText());
        list.path("manifests")
                .forEach(each -> to.println(String.format(
                        "%-24s  %-8s %10d passages  %s%s",
                        each.path("at").asText(),
                        each.path("reason").asText(),
                        each.path("size").asLong(),
                        each.path("root").asText(),
                        each.hasNonNull("file") ? "" : "  (leaves not kept)")));
        return 0;
    }

    private static void made(ApiClient client, String path) throws InterruptedException {
        Instant asked = Instant.parse(client.post(path, null).path("asked").asText());
        boolean made = Condition.await(() -> isMadeSince(asked, client.get(path)), LONGEST, LOOK);
        if (!made) {
            throw new ApiClient.CallFailed("the manifest is not made yet: see the log of the index service");
        }
    }

    /** One that was begun before may lack what its asker has just changed. */
    private static boolean isMadeSince(Instant asked, JsonNode list) {
        JsonNode newest = list.path("manifests").path(0).path("at");
        return !newest.isMissingNode() && !Instant.parse(newest.asText()).isBefore(asked);
    }

    private static String newest(JsonNode list) {
        return list.path("manifests").path(0).path("id").asText();
    }

    private int written(ApiClient client, String path, JsonNode list, Path file) throws IOException {
        if (newest(list).isEmpty()) {
            throw new ApiClient.CallFailed("there is no manifest yet: palimpsest audit manifest --make");
        }
        String one = path + "/" + newest(list);
        Files.writeString(Path.of(file + ".tlog-proof"), client.text(one + "/entry"));
        Files.write(file, client.bytes(one + "/leaves"));
        out().println("Wrote " + file + " and " + file + ".tlog-proof. Verify them: palimpsest audit verify " + file
                + " --key KEY");
        return 0;
    }
}
