package io.palimpsest.standalone;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.config.SettingSources;
import io.palimpsest.platform.file.FolderTree;
import io.palimpsest.platform.security.LocalKey;
import io.palimpsest.platform.security.Role;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.standalone.demo.BeirFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code palimpsest demo retrain}. */
@Command(
        name = "retrain",
        description = {
            "From feedback to a better model, on a test collection: people begin to talk to an assistant instead of typing"
                    + " short claims; they are less content; the alarm, its triage, labels, training, the gate, approval, a new"
                    + " generation beside the live one while changes arrive, the swap, and one step back. Prints what happens"
                    + " as it happens.",
            "About eight minutes and 5 GB of memory on 2 cores. Linux x86-64. Exit code 1 when something was not as it should"
                    + " be; a candidate that is not better is as it should be."
        })
final class RetrainDemoCommand implements Callable<Integer> {
    /** A day of a service in minutes: windows, pauses and time-outs are short, thresholds are what they always are. */
    private static final Map<String, String> QUICK = Map.ofEntries(
            Map.entry("drift.reference.samples", "100"),
            Map.entry("drift.window.pace", "PT1S"),
            Map.entry("drift.feedback.samples", "50"),
            Map.entry("judgement.snapshot.minimum", "400"),
            Map.entry("retrain.labelling", "PT10M"),
            Map.entry("judgement.snapshot.unseen", "0.3"),
            Map.entry("tune.max.tokens", "128"),
            Map.entry("tune.learning.rate", "6e-4"),
            Map.entry("rollout.shadow", "PT5S"),
            Map.entry("rollout.shadow.share", "1"),
            Map.entry("rollout.watch", "PT20S"),
            Map.entry("rollout.watch.every", "PT10S"));

    private final Map<String, String> environment;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--beir",
            paramLabel = "DIR",
            description = "A test collection in BEIR's layout with training judgements, such as SciFact"
                    + " (default: ../shared/data/scifact beside the project).")
    @Nullable
    Path beir;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where to put the data; kept afterwards (default: a temporary directory, removed).")
    @Nullable
    Path dir;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting; repeatable.")
    Map<String, String> set = Map.of();

    RetrainDemoCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        BeirFolder collection = BeirFolder.read(
                beir == null ? Path.of(System.getProperty("palimpsest.root", "."), "../shared/data/scifact") : beir);
        Path home = dir == null ? Files.createTempDirectory("palimpsest-demo") : Files.createDirectories(dir);
        try {
            return run(collection, home);
        } finally {
            if (dir == null) {
                FolderTree.delete(home);
            }
        }
    }

    private int run(BeirFolder collection, Path home) throws IOException, InterruptedException {
        Path data = home.resolve("data");
        Logging.toFile(data);
        Map<String, String> keys = new LinkedHashMap<>();
        List.of("ann", "ben").forEach(name -> keys.put(name, UUID.randomUUID().toString()));
        Path keyFile = home.resolve("keys.json");
        Files.write(keyFile, keyFile(keys));
        SettingSources settings = new SettingSources().set("http.port", "0").set("kafka.embedded.port", "0");
        QUICK.forEach(settings::set);
        settings.environment(environment);
        set.forEach(settings::set);
        settings.set("data.dir", data.toString()).set("http.key.file", keyFile.toString());
        PrintWriter out = spec.commandLine().getOut();
        try (Palimpsest palimpsest = Palimpsest.start(settings.load())) {
            List<ApiClient> reviewers = keys.values().stream()
                    .map(key -> new ApiClient(palimpsest.api(), key))
                    .toList();
            return new RetrainStory(new ApiClient(palimpsest.api(), palimpsest.key()), reviewers, collection, out)
                            .tell()
                    ? 0
                    : 1;
        }
    }

    private static byte[] keyFile(Map<String, String> keys) {
        return Json.write(keys.entrySet().stream()
                .map(key -> Map.of(
                        "keyHash", ContentHash.ofText(key.getValue()),
                        "tenant", LocalKey.TENANT,
                        "name", key.getKey(),
                        "collections", List.of("*"),
                        "roles", List.of(Role.REVIEW)))
                .toList());
    }
}
