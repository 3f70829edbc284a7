package io.palimpsest.ledger;

import io.palimpsest.platform.config.LedgerSettings;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.registry.Registry;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Clock;

/** What the ledger is made of; all of it the caller's to close. */
public record LedgerParts(
        LedgerSettings settings,
        KafkaClients kafka,
        Sql sql,
        LedgerEntries entries,
        Registry registry,
        Telemetry telemetry,
        Health health,
        Clock clock,
        String instance) {}
