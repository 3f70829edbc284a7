package io.palimpsest.retrain.snapshot;

import io.palimpsest.contracts.id.ContentHash;

/** Whether a model may be promoted that learned from a snapshot, as of now. */
public sealed interface SnapshotStanding {
    ContentHash snapshot();

    /** Made here, and of nothing that has gone since. */
    record Sound(ContentHash snapshot) implements SnapshotStanding {}

    /** No snapshot of this collection has this hash. */
    record Unregistered(ContentHash snapshot) implements SnapshotStanding {}

    /**
     * Made here, of documents that must not be learned from any more.
     *
     * @param erased documents that were erased since
     * @param sensitive documents that were marked sensitive since
     */
    record Tainted(ContentHash snapshot, int erased, int sensitive) implements SnapshotStanding {}
}
