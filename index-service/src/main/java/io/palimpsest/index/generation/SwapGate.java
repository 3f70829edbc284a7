package io.palimpsest.index.generation;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What others have to say before generations change. Threading: any. */
public interface SwapGate {
    /** Nobody has. */
    SwapGate NONE = new SwapGate() {
        @Override
        public void mayGoLive(GenerationRow candidate, @Nullable String reason, String actor) {}

        @Override
        public Optional<String> manifestRoot(GenerationRow row) {
            return Optional.empty();
        }

        @Override
        public boolean mayVanish(GenerationRow dropping) {
            return true;
        }
    };

    /**
     * @param reason as the approval gives it; with the actor it tells approvals apart
     * @throws io.palimpsest.contracts.error.PalimpsestException where it may not yet; then the swap is tried again
     */
    void mayGoLive(GenerationRow candidate, @Nullable String reason, String actor);

    /** Of the newest manifest, Base64. */
    Optional<String> manifestRoot(GenerationRow row);

    /** Whether the passages of one that is being dropped are of no use any more. */
    boolean mayVanish(GenerationRow dropping);
}
