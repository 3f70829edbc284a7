package io.palimpsest.standalone;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.ServiceSettings.Service;
import io.palimpsest.platform.config.SettingSources;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code palimpsest up}. */
@Command(
        name = "up",
        description = {
            "Runs everything in one JVM until it is stopped; data stays in one directory.",
            "With --services this process runs some of it, beside others that run the rest."
        },
        footer = {
            "",
            "Examples:",
            "  palimpsest up --watch ~/Documents/handbook",
            "  palimpsest up --data /var/lib/palimpsest --set embed.model=int8 --set http.port=9000",
            "",
            "Several processes, which meet in Kafka, PostgreSQL, a shared content folder (and Weaviate, where more than",
            "one process runs the index service); the same shared.properties for all, a data directory for each:",
            "  kafka.bootstrap.servers=kafka:9092",
            "  database.url=jdbc:postgresql://db:5432/palimpsest",
            "  content.dir=/srv/palimpsest/content",
            "  content.master.key.file=/srv/palimpsest/master.key",
            "  index.engine=weaviate",
            "  palimpsest up --services ingest --config shared.properties --data /var/lib/palimpsest/ingest-1 \\",
            "      --set instance.name=ingest-1 --set http.port=8081",
            "  palimpsest up --services index  --config shared.properties --data /var/lib/palimpsest/index-1 \\",
            "      --set instance.name=index-1 --set http.port=8082",
            "",
            "Every setting: infra/docs/reference/configuration.md. Each is also an environment variable:",
            "http.port is PALIMPSEST_HTTP_PORT."
        })
final class UpCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "palimpsest-data",
            description = "Where everything is kept (default: ${DEFAULT-VALUE}).")
    Path data = Path.of("palimpsest-data");

    @Option(names = "--watch", paramLabel = "DIR", description = "Folder to index and keep fresh; repeatable.")
    List<Path> watch = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = "Properties file with settings.")
    @Nullable
    Path config;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting; repeatable.")
    Map<String, String> set = new LinkedHashMap<>();

    @Option(
            names = "--services",
            paramLabel = "NAMES",
            description = "What this process runs: ingest, index, retrain, with commas between (default: all).")
    @Nullable
    String services;

    UpCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.toFile(data);
        PrintWriter out = spec.commandLine().getOut();
        SettingSources settings = new SettingSources();
        if (config != null) {
            settings.file(config);
        }
        settings.environment(environment);
        set.forEach(settings::set);
        settings.set("data.dir", data.toString());
        if (!watch.isEmpty()) {
            settings.set(
                    "folder.watch",
                    watch.stream().map(p -> p.toAbsolutePath().toString()).collect(Collectors.joining(",")));
        }
        if (services != null) {
            settings.set("services", services);
        }
        run(settings.load(), out);
        return 0;
    }

    private void run(Settings settings, PrintWriter out) throws InterruptedException {
        if (!watch.isEmpty() && !settings.services().runs(Service.INGEST)) {
            throw new ParameterException(
                    spec.commandLine(), "--watch is work of the ingest service, which this process does not run");
        }
        refuseWhatIsNotThere();
        CountDownLatch stopped = new CountDownLatch(1);
        try (Palimpsest palimpsest = Palimpsest.start(settings)) {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> stop(palimpsest, stopped)));
            CompletableFuture<Void> unused = palimpsest.ended().thenAccept(cause -> stopped.countDown());
            tell(settings, palimpsest, out);
            stopped.await();
            PalimpsestException lost = palimpsest.ended().getNow(null);
            if (lost != null) {
                throw lost;
            }
        }
    }

    private void tell(Settings settings, Palimpsest palimpsest, PrintWriter out) throws InterruptedException {
        out.println("Palimpsest is up: " + palimpsest.api() + "  (API description: /openapi.yaml, metrics: /metrics)");
        if (!settings.services().isEverything()) {
            out.println("Runs:  "
                    + settings.services().run().stream().map(Service::word).collect(Collectors.joining(", "))
                    + ", as instance '" + palimpsest.instance() + "'");
        }
        out.println("Kafka: " + palimpsest.kafka() + "  (publish CloudEvents to corpus.document.inbox.v1)");
        out.println("Data:  " + data.toAbsolutePath() + "  (local key: local.key, log: palimpsest.log)");
        if (!watch.isEmpty()) {
            tell(new ProgressLine(new ApiClient(palimpsest.api(), palimpsest.key()), out).untilIdle(), out);
        }
        out.flush();
    }

    private static void tell(FlowLine flow, PrintWriter out) {
        boolean exceptions = !flow.exceptions().isEmpty();
        out.println(
                !flow.problems().isEmpty()
                        ? "Not everything is watched:"
                        : "The folder is indexed and watched" + (exceptions ? ", except for this:" : "."));
        flow.problems().forEach(line -> out.println("  " + line));
        flow.exceptions().forEach(line -> out.println("  " + line));
        out.println("Ask: ./palimpsest search \"...\"   Stop: Ctrl-C");
    }

    /** A folder of the settings may come later, as a mount does; one that is named here and not there is a slip. */
    private void refuseWhatIsNotThere() {
        for (Path folder : watch) {
            if (!Files.isDirectory(folder)) {
                String why = Files.exists(folder) ? "it is no directory" : "there is no such directory";
                throw new ParameterException(spec.commandLine(), "--watch " + folder + ": " + why);
            }
            if (!Files.isReadable(folder)) {
                throw new ParameterException(spec.commandLine(), "--watch " + folder + ": this user may not read it");
            }
        }
    }

    private static void stop(Palimpsest palimpsest, CountDownLatch stopped) {
        palimpsest.close();
        stopped.countDown();
    }
}
