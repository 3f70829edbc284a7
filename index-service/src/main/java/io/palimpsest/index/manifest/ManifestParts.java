package io.palimpsest.index.manifest;

import io.palimpsest.index.indexer.Throttle;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.platform.config.ManifestSettings;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.ledger.LedgerDelivery;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.ledger.LogProofs;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.verifier.manifest.VrfSecret;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What manifests stand on; all of it the caller's to close.
 *
 * @param sink for what is sent again by whoever waits for it
 * @param delivery for what nobody would miss
 * @param secret the same in all processes; the first call ever takes seconds, as it is made then
 * @param holder name of this process, stable over restarts
 */
public record ManifestParts(
        ManifestSettings settings,
        PassageIndex index,
        Sql sql,
        Supplier<VrfSecret> secret,
        LedgerEntries entries,
        LedgerSink sink,
        LedgerDelivery delivery,
        LogProofs log,
        Throttle throttle,
        Telemetry telemetry,
        InstantSource clock,
        String holder) {}
