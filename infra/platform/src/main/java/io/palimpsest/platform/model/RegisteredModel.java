package io.palimpsest.platform.model;

import io.palimpsest.contracts.model.ModelManifest;
import java.time.Instant;

/** A model that is in the store. */
public record RegisteredModel(ModelManifest manifest, State state, Instant registeredAt) {
    /** What it is used for. */
    public enum State {
        /** In the store, and in no live generation. */
        REGISTERED,
        /** In a live generation. */
        SERVING,
        /** It was in a live generation once. */
        RETIRED
    }
}
