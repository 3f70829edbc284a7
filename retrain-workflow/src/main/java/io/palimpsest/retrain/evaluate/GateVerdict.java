package io.palimpsest.retrain.evaluate;

import java.util.List;

/**
 * What the gate says of a candidate.
 *
 * @param refusals why not, all of them; empty: it may be promoted
 * @param notes what could not be looked at
 */
public record GateVerdict(List<Refusal> refusals, List<String> notes) {
    public GateVerdict {
        refusals = List.copyOf(refusals);
        notes = List.copyOf(notes);
    }

    /** One reason, with limit and actual. */
    public record Refusal(Reason reason, String message) {}

    /** Kinds of reasons. */
    public enum Reason {
        /** The gain's confidence interval includes zero, or lies below it. */
        NO_GAIN,
        /** A guarded slice lost more than it may, or surely lost something. */
        SLICE_LOSS,
        /** The frozen general set lost more than it may. */
        FORGETTING,
        TOO_SLOW,
        /** There is no slice, or none large enough, that shows a gain on documents that were not trained on. */
        NOT_SHOWN,
        SNAPSHOT_TAINTED,
        SNAPSHOT_UNREGISTERED
    }

    public boolean promotes() {
        return refusals.isEmpty();
    }

    /** One sentence for people. */
    public String sentence() {
        if (promotes()) {
            return "Better: the candidate may be promoted.";
        }
        return "Not better: kept the serving model. "
                + String.join(" ", refusals.stream().map(Refusal::message).toList());
    }
}
