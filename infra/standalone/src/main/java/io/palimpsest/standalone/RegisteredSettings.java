package io.palimpsest.standalone;

import io.palimpsest.contracts.id.ContentHash;
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
