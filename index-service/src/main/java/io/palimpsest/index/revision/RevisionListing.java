package io.palimpsest.index.revision;

import io.palimpsest.contracts.event.DocumentRevised;
import java.util.function.Consumer;

/** The current revisions, to be gone through. */
public interface RevisionListing extends CurrentRevisions {
    /** Each document's current revision, as of some moment during the call. */
    void forEach(Consumer<DocumentRevised> action);
}
