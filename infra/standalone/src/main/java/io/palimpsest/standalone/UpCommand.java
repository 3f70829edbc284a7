package io.palimpsest.standalone;

import io.palimpsest.platform.config.SettingSources;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code palimpsest up}. */
@Command(
        name = "up",
        description = "Runs everything in one JVM until it is stopped; data stays in one directory.",
        footer = {
            "",
            "Examples:",
            "  palimpsest up --watch ~/Documents/handbook",
            "  palimpsest up --data /var/lib/palimpsest --set embed.model=int8 --set http.port=9000",
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
        CountDownLatch stopped = new CountDownLatch(1);
        try (Palimpsest palimpsest = Palimpsest.start(settings.load())) {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> stop(palimpsest, stopped)));
            out.println(
                    "Palimpsest is up: " + palimpsest.api() + "  (API description: /openapi.yaml, metrics: /metrics)");
            out.println("Kafka: " + palimpsest.kafka() + "  (publish CloudEvents to corpus.document.inbox.v1)");
            out.println("Data:  " + data.toAbsolutePath() + "  (local key: local.key, log: palimpsest.log)");
            if (!watch.isEmpty()) {
                new ProgressLine(new ApiClient(palimpsest.api(), palimpsest.key()), out).untilIdle();
                out.println("The folder is indexed and watched. Ask: ./palimpsest search \"...\"   Stop: Ctrl-C");
            }
            out.flush();
            stopped.await();
        }
        return 0;
    }

    private static void stop(Palimpsest palimpsest, CountDownLatch stopped) {
        palimpsest.close();
        stopped.countDown();
    }
}
