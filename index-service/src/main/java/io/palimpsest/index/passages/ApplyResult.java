package io.palimpsest.index.passages;

import io.palimpsest.contracts.id.DocumentKey;
import java.util.List;

/** What became of each write, in the order of the writes. */
public record ApplyResult(List<Outcome> outcomes) {
    public ApplyResult {
        outcomes = List.copyOf(outcomes);
    }

    public long appliedCount() {
        return outcomes.stream().filter(Applied.class::isInstance).count();
    }

    /** What became of one write. */
    public sealed interface Outcome {
        DocumentKey key();
    }

    /**
     * The version is visible now.
     *
     * @param added passages that are new in this version, or were rewritten because the labels changed
     * @param kept passages left untouched
     * @param closed passages that ended
     */
    public record Applied(DocumentKey key, long version, int added, int kept, int closed) implements Outcome {}

    /** The index already had this version or a newer one. */
    public record Ignored(DocumentKey key, long version, long currentVersion) implements Outcome {}
}
