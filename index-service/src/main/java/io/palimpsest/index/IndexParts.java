package io.palimpsest.index;

import com.google.crypto.tink.Aead;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.embed.ModelOpener;
import io.palimpsest.index.embed.TokenEmbedder;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.revision.IndexProgress;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.ledger.LogProofs;
import io.palimpsest.platform.model.ModelStore;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.verifier.manifest.VrfSecret;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What the index service stands on; it closes none of it but {@code embedder} and {@code index}.
 *
 * @param tokenEmbedder of the same model, for late interaction; empty where the embedder is remote
 * @param opener of the encoders in {@code models}
 * @param policy the passage policy of the revisions that arrive
 * @param tokens counts the embedder's tokens of a text
 * @param seal encrypts the query log
 * @param log what the transparency log says, wherever it runs
 * @param manifestKey places documents in manifests, the same in all processes
 * @param instance name of this process among its like, stable over restarts
 */
public record IndexParts(
        Settings settings,
        KafkaClients kafka,
        Database database,
        ContentStore store,
        Suppressions suppressions,
        LedgerEntries entries,
        LedgerSink ledger,
        Telemetry telemetry,
        Health health,
        Embedder embedder,
        Optional<TokenEmbedder> tokenEmbedder,
        ModelStore models,
        ModelOpener opener,
        Leases leases,
        PassageIndex index,
        PassagePolicyId policy,
        IndexProgress progress,
        ToIntFunction<String> tokens,
        Aead seal,
        LogProofs log,
        Supplier<VrfSecret> manifestKey,
        Clock clock,
        String instance) {}
