package io.palimpsest.retrain.drift.triage;

import java.util.List;

/**
 * One remedy, with what speaks for it.
 *
 * @param evidence sentences with figures, no texts of users
 */
public record Proposal(Remedy remedy, List<String> evidence, Cost cost) {
    public Proposal {
        evidence = List.copyOf(evidence);
    }
}
