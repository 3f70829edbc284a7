package io.palimpsest.index.revision;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps one copy of what most revisions have in common, so that a million of them fit in memory. One thread. */
final class SharedParts {
    /** Above this many distinct parts sharing has no use: access lists are then unique to documents. */
    private static final int MAX_PARTS = 100_000;

    private final Map<Object, Object> parts = new HashMap<>();

    DocumentKey key(DocumentKey key) {
        CollectionKey collection = one(key.collectionKey());
        return new DocumentKey(collection.tenant(), collection.collection(), key.document());
    }

    DocumentRevised share(DocumentRevised r) {
        return new DocumentRevised(
                key(r.key()),
                r.revision(),
                r.version(),
                r.contentVersion(),
                r.changeId(),
                one(r.source()),
                r.state(),
                r.raw(),
                r.extracted(),
                r.passages(),
                r.passageCount(),
                r.title(),
                r.location(),
                oneOrNull(r.mediaType()),
                one(r.access()),
                one(r.labels()),
                r.sensitive(),
                oneOrNull(r.extractor()),
                oneOrNull(r.policy()),
                r.errorCode(),
                r.receivedAt(),
                r.revisedAt());
    }

    private <T> @Nullable T oneOrNull(@Nullable T part) {
        return part == null ? null : one(part);
    }

    @SuppressWarnings("unchecked") // a part is stored under itself
    private <T> T one(T part) {
        if (parts.size() >= MAX_PARTS) {
            return part;
        }
        return (T) parts.computeIfAbsent(part, same -> same);
    }
}
