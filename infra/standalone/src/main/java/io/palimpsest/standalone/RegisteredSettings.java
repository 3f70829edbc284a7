package io.palimpsest.standalone;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.index.embed.HttpEmbedder;
import io.palimpsest.platform.config.EmbedSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.registry.ArtifactKind;
import io.palimpsest.platform.registry.Registry;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Registers what the settings name: models served elsewhere, by host, name and what else decides their answers; the tokeniser by its
 * file. Never a key or a path of an address.
 */
record RegisteredSettings(Registry registry) {
    private static final String ACTOR = "service:settings";

    void register(Settings settings, ContentHash tokenizer) {
        registry.register(
                ArtifactKind.TOKENISER, "tokeniser/" + tokenizer.value(), Map.of("sha256", tokenizer.value()), ACTOR);
        elsewhere(
                ArtifactKind.GENERATOR,
                settings.answer().endpoint(),
                settings.answer().endpointModel(),
                Map.of("contextTokens", Integer.toString(settings.answer().contextTokens())));
        elsewhere(
                ArtifactKind.GENERATOR,
                settings.tune().endpoint(),
                settings.tune().endpointModel(),
                Map.of("for", "fine-tuning"));
        elsewhere(
                ArtifactKind.RERANKER,
                settings.search().rerankEndpoint(),
                settings.search().rerankModel(),
                Map.of("for", "reranking"));
        settings.embed().endpoint().ifPresent(endpoint -> embedder(endpoint, settings.embed()));
    }

    /** By the id that generations and receipts name; of what that id stands for, and nothing else. */
    private void embedder(URI endpoint, EmbedSettings embed) {
        String id = HttpEmbedder.idOf(endpoint, embed.endpointModel(), embed.endpointDimensions())
                .value();
        registry.register(
                ArtifactKind.EMBEDDER,
                id,
                Map.of(
                        "host", String.valueOf(endpoint.getHost()),
                        "model", embed.endpointModel(),
                        "dimensions", Integer.toString(embed.endpointDimensions()),
                        "fingerprint", id.substring(id.lastIndexOf('/') + 1)),
                ACTOR);
    }

    /** The id has the fingerprint: with other settings it is another one. */
    private void elsewhere(ArtifactKind kind, Optional<URI> endpoint, String model, Map<String, String> decides) {
        endpoint.ifPresent(address -> {
            Map<String, String> description = new TreeMap<>(decides);
            description.put("host", String.valueOf(address.getHost()));
            description.put("model", model);
            String fingerprint = ContentHash.ofText(description.toString()).value();
            registry.register(
                    kind, "served-elsewhere/" + model + "/" + fingerprint.substring(0, 16), description, ACTOR);
        });
    }
}
