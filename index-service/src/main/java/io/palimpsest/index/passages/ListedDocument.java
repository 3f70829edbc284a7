package io.palimpsest.index.passages;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import java.util.List;

/** What a generation has of a live document. */
public record ListedDocument(DocumentKey key, long version, List<PassageId> passages) {
    public ListedDocument {
        passages = List.copyOf(passages);
    }
}
