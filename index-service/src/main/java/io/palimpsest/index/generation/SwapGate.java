package io.palimpsest.index.generation;

import java.util.Optional;

/** What others have to say before generations change. Threading: any. */
public interface SwapGate {
    /** Nobody has. */
    SwapGate NONE = new SwapGate() {
        @Override
        public void mayGoLive(GenerationRow candidate) {}

        @Override
        public Optional<String> manifestRoot(GenerationRow row) {
            return Optional.empty();
        }

        @Override
        public boolean mayVanish(GenerationRow dropping) {
            return true;
        }
    };

    /** @throws io.palimpsest.contracts.error.PalimpsestException where it may not yet; then the swap is tried again */
    void mayGoLive(GenerationRow candidate);

    /** Of the newest manifest, Base64. */
    Optional<String> manifestRoot(GenerationRow row);

    /** Whether the passages of one that is being dropped are of no use any more. */
    boolean mayVanish(GenerationRow dropping);
}
