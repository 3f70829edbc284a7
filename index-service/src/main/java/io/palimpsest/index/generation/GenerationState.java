package io.palimpsest.index.generation;

/** Where a generation stands. */
public enum GenerationState {
    /** It gets all changes, and what was there before them is being put in. */
    BUILDING,
    /** It has everything, and may go live. */
    READY,
    /** Searches read it. */
    LIVE,
    /** It was live. As long as changes go into it, a roll-back leads to it. */
    RETIRED,
    /** It could not be built or kept up to date. */
    FAILED,
    /** Nobody reads or writes it any more; the index still has to let it go. */
    DROPPING
}
