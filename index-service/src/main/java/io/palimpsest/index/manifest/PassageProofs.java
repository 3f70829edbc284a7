package io.palimpsest.index.manifest;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.verifier.manifest.PassageProof;
import io.palimpsest.verifier.manifest.PassageProver;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.tlog.LogProof;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Answers whether a passage was in a generation, with what proves it.
 *
 * <p>Threading: safe. Failure: MANIFEST_MISSING, MANIFEST_UNPROVEN, MANIFEST_FAILED.
 */
public final class PassageProofs {
    private final Manifests manifests;
    private final ManifestParts parts;

    public PassageProofs(Manifests manifests, ManifestParts parts) {
        this.manifests = manifests;
        this.parts = parts;
    }

    /**
     * @param passage 32 lower-case hex digits; empty: any of the document
     * @param at null: the newest manifest; else the last one that is not later
     */
    public PassageProof of(
            CollectionKey collection, GenerationId generation, String document, String passage, @Nullable Instant at) {
        ManifestRow row = (at == null
                        ? manifests.table().newest(collection, generation)
                        : manifests.table().at(collection, generation, at))
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.MANIFEST_MISSING,
                        "generation " + generation + " has no manifest"
                                + (at == null ? "" : " of " + at + " or before")));
        Path file = manifests.file(row);
        LogProof entry = parts.log().proof(row.id()).orElseThrow(() -> unproven(row));
        Hash scope = parts.log().scopeSalt(collection).orElseThrow(() -> unproven(row));
        try (ManifestFile leaves = new ManifestFile(file)) {
            return new PassageProver(parts.secret().get())
                    .prove(
                            new PassageProver.Question(
                                    collection.tenant().value(),
                                    collection.collection().value(),
                                    document,
                                    passage),
                            leaves,
                            Hash.ofBase64(row.salt()),
                            scope,
                            entry);
        }
    }

    /** The leaves of a manifest, and the entry of the log that they are checked against. */
    public record Leaves(Path file, LogProof entry) {}

    /** @param id of the manifest's entry */
    public Leaves leaves(CollectionKey collection, GenerationId generation, String id) {
        ManifestRow row = manifests.table().of(collection, generation, Integer.MAX_VALUE).stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.MANIFEST_MISSING, "generation " + generation + " has no such manifest"));
        return new Leaves(manifests.file(row), parts.log().proof(row.id()).orElseThrow(() -> unproven(row)));
    }

    private static PalimpsestException unproven(ManifestRow row) {
        return new PalimpsestException(
                ErrorCode.MANIFEST_UNPROVEN, "the log does not cover the manifest of " + row.at() + " yet");
    }
}
