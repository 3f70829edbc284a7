package io.palimpsest.index.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationTable;
import io.palimpsest.index.generation.LivePeriod;
import io.palimpsest.index.generation.SwapGate;
import io.palimpsest.platform.config.GenerationSettings;
import io.palimpsest.verifier.merkle.Hash;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Gives swaps the root of the manifest, and holds them, where the settings say so, until witnesses have seen what is intended: an
 * entry that names the generation and the manifest it has been built to. In the log that stands after what was recorded before: the
 * making of the generation, and the approval.
 *
 * <p>Threading: safe. Ordering and idempotency: a swap that is asked for again has the same intent; another approval, or another
 * manifest, is another intent, which stands after it.
 */
public final class ManifestGate implements SwapGate {
    private static final Duration LOOK = Duration.ofMillis(250);
    /** Arbitrary: what cannot be read in this time must not keep a generation for ever. */
    private static final Duration LAST_LOOK = Duration.ofHours(1);

    private final ManifestParts parts;
    private final Manifests manifests;
    private final ManifestWatch watch;
    private final GenerationTable generations;
    private final GenerationSettings settings;

    public ManifestGate(
            ManifestParts parts,
            Manifests manifests,
            ManifestWatch watch,
            GenerationTable generations,
            GenerationSettings settings) {
        this.parts = parts;
        this.manifests = manifests;
        this.watch = watch;
        this.generations = generations;
        this.settings = settings;
    }

    @Override
    public void mayGoLive(GenerationRow candidate, @Nullable String reason, String actor) {
        if (!settings.swapWitnessed()) {
            return;
        }
        ManifestRow manifest = manifests
                .table()
                .newest(candidate.collection(), candidate.id())
                .orElseThrow(() -> {
                    Instant unused = watch.ask(candidate.id());
                    return new PalimpsestException(
                            ErrorCode.SWAP_UNWITNESSED, "generation " + candidate.id() + " has no manifest yet");
                });
        LedgerEntry intent = intent(candidate, manifest, approval(reason, actor));
        parts.sink().record(intent);
        long end = System.nanoTime() + settings.swapWait().toNanos();
        while (!parts.log().isWitnessed(intent.entryId())) {
            if (System.nanoTime() >= end || Thread.currentThread().isInterrupted()) {
                throw new PalimpsestException(
                        ErrorCode.SWAP_UNWITNESSED,
                        "generation " + candidate.id()
                                + " waits: no checkpoint that covers the intent of its swap has been"
                                + " cosigned by as many witnesses as it takes");
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private static Hash approval(@Nullable String reason, String actor) {
        return Hash.sha256((actor + "\n" + (reason == null ? "" : reason)).getBytes(UTF_8));
    }

    private LedgerEntry intent(GenerationRow candidate, ManifestRow manifest, Hash approval) {
        long number = generations.history(candidate.collection()).stream()
                .mapToLong(LivePeriod::number)
                .max()
                .orElse(0);
        return parts.entries()
                .ofCollection(
                        LedgerEntry.Type.INDEX_MANIFEST,
                        manifest.at(),
                        "service:index",
                        candidate.collection(),
                        candidate.id() + "\nintent\n" + (number + 1) + "\n" + manifest.root() + "\n" + approval.hex(),
                        Map.of(
                                "generation", candidate.id().value(),
                                "reason", "SWAP",
                                "root", manifest.root(),
                                "salt", manifest.salt(),
                                "size", Long.toString(manifest.size()),
                                "vrf", parts.secret().get().key().fingerprint().base64()));
    }

    @Override
    public Optional<String> manifestRoot(GenerationRow row) {
        return manifests.table().newest(row.collection(), row.id()).map(ManifestRow::root);
    }

    @Override
    public boolean mayVanish(GenerationRow dropping) {
        String since = dropping.gates(); // of one that is being dropped: since when
        return watch.isDone(dropping)
                || (since != null
                        && Instant.parse(since)
                                .plus(LAST_LOOK)
                                .isBefore(parts.clock().instant()));
    }
}
