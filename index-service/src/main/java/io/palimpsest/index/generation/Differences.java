package io.palimpsest.index.generation;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.passages.DocumentDigest;
import io.palimpsest.index.passages.IndexedDocument;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.revision.CurrentRevisions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Documents of which two generations do not have the same; both are written to meanwhile, so it is looked at again. */
final class Differences {
    private static final int PAGE = 1_000;

    private final PassageIndex index;
    private final CurrentRevisions revisions;
    private final GenerationId live;
    private final GenerationId candidate;

    Differences(PassageIndex index, CurrentRevisions revisions, GenerationId live, GenerationId candidate) {
        this.index = index;
        this.revisions = revisions;
        this.live = live;
        this.candidate = candidate;
    }

    /** @param most found before it stops looking */
    Set<DocumentKey> find(int most) {
        Set<DocumentKey> differing = new HashSet<>();
        Pages left = new Pages(live);
        Pages right = new Pages(candidate);
        while (differing.size() < most) {
            DocumentDigest one = left.peek();
            DocumentDigest other = right.peek();
            DocumentDigest first = first(one, other);
            if (first == null) {
                break;
            }
            if (!first.equals(one) || !first.equals(other)) {
                differing.add(first.key());
            }
            if (one != null && one.key().equals(first.key())) {
                left.next();
            }
            if (other != null && other.key().equals(first.key())) {
                right.next();
            }
        }
        return differing;
    }

    private static @Nullable DocumentDigest first(@Nullable DocumentDigest one, @Nullable DocumentDigest other) {
        if (one == null) {
            return other;
        }
        return other == null || DocumentDigest.ORDER.compare(one.key(), other.key()) <= 0 ? one : other;
    }

    /** Whether the candidate has of it what the live one has, or what is current where the live one has not. */
    boolean isGone(DocumentKey key) {
        Optional<IndexedDocument> there = index.document(candidate, key, null);
        Optional<IndexedDocument> here = index.document(live, key, null);
        boolean same = there.map(Differences::digest).equals(here.map(Differences::digest));
        return same || isCurrent(key, there);
    }

    private boolean isCurrent(DocumentKey key, Optional<IndexedDocument> there) {
        Optional<DocumentRevised> current = revisions.current(key);
        if (current.isEmpty()) {
            return false;
        }
        return current.get().state() == DocumentRevised.State.LIVE
                ? there.filter(indexed -> indexed.version() == current.get().revision())
                        .isPresent()
                : there.isEmpty();
    }

    private static DocumentDigest digest(IndexedDocument document) {
        return new DocumentDigest(document.key(), document.version(), DocumentDigest.over(document.passages()));
    }

    /** Digests of a generation, one by one. */
    private final class Pages {
        private final GenerationId generation;
        private final Deque<DocumentDigest> page = new ArrayDeque<>();
        private @Nullable DocumentKey last;
        private boolean more = true;

        Pages(GenerationId generation) {
            this.generation = generation;
        }

        @Nullable
        DocumentDigest peek() {
            if (page.isEmpty() && more) {
                page.addAll(index.digests(generation, last, PAGE));
                more = page.size() == PAGE;
            }
            return page.peek();
        }

        void next() {
            last = page.remove().key();
        }
    }
}
