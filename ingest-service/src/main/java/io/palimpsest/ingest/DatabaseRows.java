package io.palimpsest.ingest;

import io.palimpsest.ingest.gate.GateRules;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.source.debezium.DebeziumSource;
import io.palimpsest.ingest.source.debezium.Mapping;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.security.Caller;
import java.util.Optional;

/** The source of rows that come through Debezium, where a mapping is given. */
final class DatabaseRows {
    private DatabaseRows() {}

    static Optional<ConsumerLoop<?, ?>> of(IngestApp.Platform platform, Caller local, ChangeIntake intake) {
        Settings settings = platform.settings();
        return settings.debezium()
                .mapping()
                .map(Mapping::read)
                .map(mapping -> new DebeziumSource(
                                platform.kafka(),
                                platform.instance(),
                                mapping,
                                new DebeziumSource.Binding(
                                        local,
                                        settings.intake().collection(),
                                        GateRules.of(
                                                        settings.gate(),
                                                        settings.extract().largeBytes())
                                                .defaultAccess()),
                                new DebeziumSource.Parts(
                                        intake, platform.sql(), platform.telemetry(), platform.clock()))
                        .loop());
    }
}
