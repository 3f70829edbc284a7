package io.palimpsest.ledger.witness;

import io.palimpsest.verifier.note.SignedNote;
import java.util.Map;

/**
 * A checkpoint after its witnesses were asked.
 *
 * @param note with the cosignatures that came
 * @param outcomes of every witness, by name
 * @param hasQuorum whether as many have cosigned it as the policy asks for
 */
public record Witnessed(SignedNote note, Map<String, WitnessOutcome> outcomes, boolean hasQuorum) {
    public Witnessed {
        outcomes = Map.copyOf(outcomes);
    }
}
