package io.palimpsest.index.revision;

import io.palimpsest.contracts.id.CollectionKey;
import java.time.Instant;

/** How far the live generation of a collection is: what {@code minFreshness} waits for and the index lag is counted from. */
@FunctionalInterface
public interface IndexProgress {
    /** Every change received before this moment has ended (searchable, deleted or quarantined); now when nothing is due. */
    Instant appliedThrough(CollectionKey collection);
}
