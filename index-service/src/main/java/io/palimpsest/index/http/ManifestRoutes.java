package io.palimpsest.index.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.generation.LiveGenerations;
import io.palimpsest.index.generation.Serving;
import io.palimpsest.index.manifest.ManifestRow;
import io.palimpsest.index.manifest.ManifestWatch;
import io.palimpsest.index.manifest.Manifests;
import io.palimpsest.index.manifest.PassageProofs;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Role;
import io.palimpsest.verifier.manifest.PassageProof;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Manifests of a generation, and proofs out of them. Role AUDIT. The generation {@code live} is the one that is live now, or was at
 * the moment that is asked for.
 */
public final class ManifestRoutes implements Routes {
    private static final String MANIFESTS = "/v1/collections/{collection}/generations/{generation}/manifests";
    private static final String PROOF = "/v1/collections/{collection}/generations/{generation}/manifests/proof";
    private static final String LEAVES = "/v1/collections/{collection}/generations/{generation}/manifests/{id}/leaves";
    private static final String ENTRY = "/v1/collections/{collection}/generations/{generation}/manifests/{id}/entry";
    private static final String LIVE = "live";
    private static final int LISTED = 1_000;

    private final Manifests manifests;
    private final ManifestWatch watch;
    private final PassageProofs proofs;
    private final LiveGenerations generations;
    private final LivePast past;

    /** What was live at a moment. */
    @FunctionalInterface
    public interface LivePast {
        /** @throws PalimpsestException MANIFEST_MISSING where nothing was */
        GenerationId at(CollectionKey collection, Instant moment);
    }

    public ManifestRoutes(
            Manifests manifests,
            ManifestWatch watch,
            PassageProofs proofs,
            LiveGenerations generations,
            LivePast past) {
        this.manifests = manifests;
        this.watch = watch;
        this.proofs = proofs;
        this.generations = generations;
        this.past = past;
    }

    private record ManifestAsked(GenerationId generation, Instant asked) {}

    private record ManifestList(GenerationId generation, List<ManifestRow> manifests) {}

    @Override
    public void register(RoutesConfig routes) {
        routes.get(MANIFESTS, this::list);
        routes.post(MANIFESTS, this::make);
        routes.get(PROOF, this::proof);
        routes.get(LEAVES, this::leaves);
        routes.get(ENTRY, this::entry);
    }

    private void list(Context context) {
        Callers.require(context, Role.AUDIT);
        CollectionKey collection = Callers.collection(context, "collection");
        GenerationId generation = generation(context, collection, null);
        context.json(new ManifestList(generation, manifests.table().of(collection, generation, LISTED)));
    }

    /** It is made within seconds to minutes; the list shows it then, with a time not before that of the answer. */
    private void make(Context context) {
        Callers.require(context, Role.AUDIT);
        CollectionKey collection = Callers.collection(context, "collection");
        GenerationId generation = generation(context, collection, null);
        Serving unused = generations.named(collection, generation); // of this key's collection
        context.status(202).json(new ManifestAsked(generation, watch.ask(generation)));
    }

    private void proof(Context context) {
        Callers.require(context, Role.AUDIT);
        CollectionKey collection = Callers.collection(context, "collection");
        Instant at = instant(context.queryParam("at"));
        GenerationId generation = generation(context, collection, at);
        String document = context.queryParam("document");
        String passage = context.queryParam("passage");
        if (document == null || document.isBlank()) {
            throw invalid("document: is missing");
        }
        PassageProof proof = proofs.of(
                collection,
                generation,
                document(document),
                passage == null || passage.isBlank() ? "" : passage(passage),
                at);
        context.contentType("text/plain; charset=utf-8")
                .header("Content-Disposition", "attachment; filename=\"it.passage-proof\"")
                .result(proof.bytes());
    }

    /** For checking their order; nobody learns anything from them. */
    private void leaves(Context context) {
        try {
            context.contentType("application/octet-stream")
                    .result(Files.newInputStream(found(context).file()));
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.MANIFEST_FAILED, "the manifest cannot be read: " + e, e);
        }
    }

    private void entry(Context context) {
        context.contentType("text/plain; charset=utf-8")
                .result(found(context).entry().bytes());
    }

    private PassageProofs.Leaves found(Context context) {
        Callers.require(context, Role.AUDIT);
        CollectionKey collection = Callers.collection(context, "collection");
        return proofs.leaves(collection, generation(context, collection, null), context.pathParam("id"));
    }

    private static String document(String id) {
        try {
            return new DocumentId(id).value();
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.QUERY_INVALID, "document: " + e.getMessage(), e);
        }
    }

    private static String passage(String id) {
        if (!id.matches("[0-9a-f]{32}")) {
            throw invalid("passage: is not an id of 32 lower-case hex digits");
        }
        return new PassageId(id).value();
    }

    private GenerationId generation(Context context, CollectionKey collection, @Nullable Instant at) {
        String name = context.pathParam("generation");
        if (name.equals(LIVE)) {
            return at == null
                    ? generations
                            .live(collection)
                            .map(Serving::id)
                            .orElseThrow(() -> new PalimpsestException(
                                    ErrorCode.GENERATION_NOT_READY, "nothing is indexed in " + collection + " yet"))
                    : past.at(collection, at);
        }
        try {
            return new GenerationId(name);
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such generation for this key", e);
        }
    }

    private static @Nullable Instant instant(@Nullable String text) {
        try {
            return text == null || text.isBlank() ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw invalid("at: is not an instant such as 2026-03-01T12:00:00Z");
        }
    }

    private static PalimpsestException invalid(String message) {
        return new PalimpsestException(ErrorCode.QUERY_INVALID, message);
    }
}
