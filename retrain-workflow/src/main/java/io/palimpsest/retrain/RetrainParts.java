package io.palimpsest.retrain;

import com.google.crypto.tink.Aead;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.model.ModelStore;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.platform.temporal.TemporalConnection;
import io.palimpsest.retrain.workflow.IndexApi;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the retrain service stands on; all of it stays the caller's to close.
 *
 * @param seal of what is personal in the database
 * @param digestSecret at least 32 bytes, the same in all processes
 * @param index where the index service is and a tenant's key for it, once its server runs
 * @param ingest where the ingest service is
 * @param indexClient trusts their certificates
 * @param instance name of this process among its like, stable over restarts
 */
public record RetrainParts(
        Settings settings,
        KafkaClients kafka,
        Sql sql,
        ContentStore store,
        ModelStore models,
        TemporalConnection temporal,
        Aead seal,
        Supplier<byte[]> digestSecret,
        LedgerEntries entries,
        LedgerSink ledger,
        Suppressions suppressions,
        Telemetry telemetry,
        Health health,
        Function<TenantId, IndexApi.Access> index,
        Supplier<IndexApi.Access> ingest,
        HttpClient indexClient,
        Leases leases,
        Clock clock,
        String instance) {}
