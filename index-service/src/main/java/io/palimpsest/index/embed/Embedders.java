package io.palimpsest.index.embed;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.model.ModelStore;
import io.palimpsest.platform.model.RegisteredModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The embedder of a model: the configured one, or one of the store, opened when it is first asked for and closed when no
 * generation has it any more.
 *
 * <p>Threading: safe; who needs an embedder asks for it again each time. Failure: {@link ErrorCode#MODEL_UNKNOWN}, {@link
 * ErrorCode#MODEL_DAMAGED}, {@link ErrorCode#MODEL_UNSUITABLE}, {@link ErrorCode#MODEL_MISSING}.
 */
public final class Embedders implements QueryEmbedders, AutoCloseable {
    /** Longer than any single use: an embedder that is closed while it works fails its caller. */
    private static final Duration IDLE = Duration.ofMinutes(5);

    private final CachingEmbedder configured;
    private final EmbeddingCache cache;
    private final ModelStore models;
    private final ModelOpener opener;
    private final InstantSource clock;
    private final Map<ModelId, Opened> opened = new ConcurrentHashMap<>();

    /** @param configured closed with this */
    public Embedders(
            Embedder configured, EmbeddingCache cache, ModelStore models, ModelOpener opener, InstantSource clock) {
        this.configured = new CachingEmbedder(configured, cache);
        this.cache = cache;
        this.models = models;
        this.opener = opener;
        this.clock = clock;
    }

    private static final class Opened {
        private final Embedder embedder;
        private volatile Instant used;

        Opened(Embedder embedder, Instant used) {
            this.embedder = embedder;
            this.used = used;
        }
    }

    /** The one that the settings name. */
    public CachingEmbedder configured() {
        return configured;
    }

    /** For what goes into an index. */
    public CachingEmbedder forPassages(ModelId model) {
        if (model.equals(configured.model())) {
            return configured;
        }
        if (embedder(model) instanceof CachingEmbedder encoder) {
            return encoder;
        }
        throw new PalimpsestException(
                ErrorCode.MODEL_UNSUITABLE,
                "model " + model + " changes vectors of queries only: passages are its base's");
    }

    /** A query is not cached: it would stay for good. */
    @Override
    public Embedder forQueries(ModelId model) {
        if (model.equals(configured.model())) {
            return configured.uncached();
        }
        return embedder(model) instanceof CachingEmbedder encoder ? encoder.uncached() : embedder(model);
    }

    @Override
    public ModelId passagesOf(ModelId model) {
        return model.equals(configured.model()) ? model : passagesOf(manifest(model));
    }

    /** Closes what is in no generation and has not been used for minutes. */
    public void keep(Set<ModelId> used) {
        Instant idle = clock.instant().minus(IDLE);
        for (ModelId model : List.copyOf(opened.keySet())) {
            opened.computeIfPresent(model, (id, open) -> {
                if (used.contains(id) || open.used.isAfter(idle)) {
                    return open;
                }
                open.embedder.close();
                return null;
            });
        }
    }

    private Embedder embedder(ModelId model) {
        Opened open = opened.get(model);
        if (open == null) {
            ModelManifest manifest = manifest(model);
            if (manifest.kind() == ModelManifest.Kind.QUERY_ADAPTER) {
                // Before the adapter: of this map, one thing cannot be made while another one is.
                Embedder unused = forQueries(passagesOf(manifest));
            }
            open = opened.computeIfAbsent(model, id -> new Opened(open(manifest), clock.instant()));
        }
        open.used = clock.instant();
        return open.embedder;
    }

    private Embedder open(ModelManifest manifest) {
        Path folder = models.open(manifest.id());
        return manifest.kind() == ModelManifest.Kind.ENCODER
                ? new CachingEmbedder(opener.open(manifest, folder), cache)
                // Its base may be closed and opened again between two uses.
                : QueryAdapter.open(manifest, folder, () -> forQueries(passagesOf(manifest)));
    }

    private ModelManifest manifest(ModelId model) {
        return models.find(model)
                .map(RegisteredModel::manifest)
                .orElseThrow(() -> new PalimpsestException(ErrorCode.MODEL_UNKNOWN, "there is no model " + model));
    }

    private static ModelId passagesOf(ModelManifest manifest) {
        if (manifest.kind() == ModelManifest.Kind.ENCODER) {
            return manifest.id();
        }
        ModelId base = manifest.base();
        if (base == null) {
            throw new PalimpsestException(ErrorCode.MODEL_UNSUITABLE, "model " + manifest.id() + " names no base");
        }
        return base;
    }

    @Override
    public void close() {
        for (Opened each : new ArrayList<>(opened.values())) {
            each.embedder.close();
        }
        opened.clear();
        configured.close();
    }
}
