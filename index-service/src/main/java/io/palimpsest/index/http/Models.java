package io.palimpsest.index.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.index.embed.Embedder;
import io.palimpsest.platform.model.ModelStore;
import io.palimpsest.platform.model.RegisteredModel;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What there is to choose from: the configured model, then those of the store, newest first. */
public record Models(ModelStore store, Embedder configured) {
    /** Of the model that the settings name: it has no row. */
    private static final String CONFIGURED = "CONFIGURED";

    /** @param state as {@link RegisteredModel.State}, or CONFIGURED */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            ModelId id,
            ModelManifest.Kind kind,
            @Nullable ModelId base,
            int dimensions,
            @Nullable ContentHash snapshot,
            @Nullable Long seed,
            @Nullable String trainer,
            String state,
            @Nullable Instant registeredAt) {}

    List<View> list() {
        View first = new View(
                configured.model(),
                ModelManifest.Kind.ENCODER,
                null,
                configured.dimensions(),
                null,
                null,
                null,
                CONFIGURED,
                null);
        return Stream.concat(Stream.of(first), store.list().stream().map(Models::view))
                .toList();
    }

    private static View view(RegisteredModel model) {
        ModelManifest manifest = model.manifest();
        return new View(
                manifest.id(),
                manifest.kind(),
                manifest.base(),
                manifest.dimensions(),
                manifest.snapshot(),
                manifest.seed(),
                manifest.trainer(),
                model.state().name(),
                model.registeredAt());
    }
}
