package io.palimpsest.index.revision;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.DocumentKey;
import java.time.Instant;
import java.util.Optional;

/**
 * The current revision of every document, independent of how far any index is (law 3).
 *
 * <p>Threading: safe. Ordering: a document's revision never goes back.
 */
public interface CurrentRevisions {
    /** Empty when no revision of the document was ever seen: search then drops its hits. */
    Optional<DocumentRevised> current(DocumentKey key);

    /** Whether the view has come to this revision of the document, or to a later one. */
    default boolean knows(DocumentRevised revision) {
        return current(revision.key())
                .filter(current -> current.revision() >= revision.revision())
                .isPresent();
    }

    /** Every revision published before this moment is in the view; {@link Instant#EPOCH} before the first catch-up. */
    Instant appliedThrough();
}
