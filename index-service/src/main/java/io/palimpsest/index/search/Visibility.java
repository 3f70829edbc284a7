package io.palimpsest.index.search;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.revision.CurrentRevisions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a caller may see a document now, whatever the index says (law 3). What the view does not know is not shown.
 *
 * <p>Failure: {@link ErrorCode#STARTING} while the view has not caught up for the first time: what it holds then may be
 * what was, not what is.
 *
 * @param asOf null: now, and only live documents; otherwise deleted ones too, as their history allows
 */
public record Visibility(
        CurrentRevisions revisions,
        Set<String> principals,
        @Nullable Instant asOf) {
    public Visibility {
        if (revisions.appliedThrough().equals(Instant.EPOCH)) {
            throw new PalimpsestException(ErrorCode.STARTING, "the current revisions are still being read");
        }
    }

    public boolean admits(DocumentKey key) {
        Optional<DocumentRevised> current = revisions.current(key);
        if (current.isEmpty()) {
            return false;
        }
        DocumentRevised now = current.get();
        return switch (now.state()) {
            case LIVE -> opens(now);
            case EMPTY, QUARANTINED, PENDING -> asOf != null && opens(now);
            case DELETED -> asOf != null && asOf.isBefore(now.revisedAt()) && opens(now);
        };
    }

    /** The indexed revision may be ahead of the view: then its own access list counts beside the current one. */
    public boolean admits(DocumentRevised indexed) {
        if (!admits(indexed.key())) {
            return false;
        }
        long known =
                revisions.current(indexed.key()).map(DocumentRevised::revision).orElse(Long.MAX_VALUE);
        return indexed.revision() <= known || opens(indexed);
    }

    private boolean opens(DocumentRevised revision) {
        return !principals.isEmpty()
                && (revision.access().contains(DocumentProperties.EVERYONE)
                        || revision.access().stream().anyMatch(principals::contains));
    }
}
