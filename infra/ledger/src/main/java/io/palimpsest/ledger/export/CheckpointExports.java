package io.palimpsest.ledger.export;

import io.palimpsest.platform.config.ExportSettings;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.s3.S3Clients;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.verifier.note.SignedNote;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** All targets of the settings, each on its own: one that is away holds up no other. */
public final class CheckpointExports implements AutoCloseable {
    private static final BackOff BACK_OFF = new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(5));

    private final List<CheckpointExport> exports = new ArrayList<>();

    /** @param newest the checkpoint that is served, where there is one */
    public CheckpointExports(ExportSettings settings, Supplier<Optional<SignedNote>> newest, InstantSource clock) {
        for (ExportTarget target : targets(settings)) {
            exports.add(new CheckpointExport(target, newest, settings.every(), BACK_OFF, clock));
        }
    }

    private static List<ExportTarget> targets(ExportSettings settings) {
        List<ExportTarget> targets = new ArrayList<>();
        settings.dir().ifPresent(dir -> targets.add(new FolderTarget(dir)));
        settings.webhookAddress().ifPresent(address -> targets.add(WebhookTarget.of(address)));
        settings.bucket()
                .ifPresent(bucket ->
                        targets.add(new BucketTarget(S3Clients.of(settings.access()), bucket, settings.prefix())));
        return targets;
    }

    public void start(Telemetry telemetry, Health health) {
        exports.forEach(export -> {
            telemetry.gauge(Metric.LEDGER_EXPORT_AGE, export::ageSeconds, export.target());
            CheckpointExport unused = export.start();
        });
        if (!exports.isEmpty()) {
            health.register("ledger-export", this::state);
        }
    }

    /** The log goes on without them: nobody is told to stop for it. */
    private Health.State state() {
        String failing = exports.stream()
                .filter(export -> export.failures() > 0)
                .map(CheckpointExport::target)
                .collect(Collectors.joining(", "));
        return failing.isEmpty() ? Health.State.up() : new Health.State(true, "ready, not handed to " + failing);
    }

    @Override
    public void close() {
        exports.forEach(CheckpointExport::close);
    }
}
