package io.palimpsest.index.passages;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One version of a document. Versions order the writes of a document; {@code at} only dates its intervals. */
public sealed interface DocumentWrite {
    DocumentKey key();

    /** Higher is newer. */
    long version();

    /** From when it counts for as-of searches; never earlier than its predecessor, whatever the clocks said. */
    Instant at();

    /**
     * A whole revision: what is not in it any more is closed.
     *
     * @param reference opaque to the index, returned with every hit: where text, title and locations are found
     * @param access who may see the document from now on, its history included
     * @param passages distinct ids
     */
    record Put(
            DocumentKey key,
            long version,
            Instant at,
            String reference,
            AccessList access,
            Map<String, String> labels,
            List<PassageEntry> passages)
            implements DocumentWrite {
        public Put {
            labels = Map.copyOf(labels);
            passages = List.copyOf(passages);
            Set<PassageId> ids = new HashSet<>();
            for (PassageEntry passage : passages) {
                if (!ids.add(passage.id())) {
                    throw new IllegalArgumentException("passage " + passage.id() + " occurs twice in one revision");
                }
            }
        }
    }

    /** The end of a document; a mark with the version stays, so that nothing older brings it back. */
    record Delete(DocumentKey key, long version, Instant at) implements DocumentWrite {}
}
