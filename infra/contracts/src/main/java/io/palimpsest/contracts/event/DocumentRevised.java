package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.contracts.id.PassagePolicyId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hop 4: the current revision of a document; the topic is compacted, one record per document. Immutable.
 *
 * @param revision 1, 2, 3, ... per document, grows with every revised record: what the index orders by
 * @param version highest accepted version that is wholly in this revision; a revision that only takes principals away
 *     ahead of newer content keeps the version of what it shows
 * @param contentVersion accepted version that the content came with; 0 without content
 * @param changeId the change that caused this revision
 * @param extracted stored extracted document; null unless LIVE
 * @param passages stored passage manifest; null unless LIVE
 * @param access principals that may see it; empty admits nobody
 * @param errorCode why newer content is quarantined; null when it is not
 * @param revisedAt from when this revision is the current one: its {@code validFrom}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DocumentRevised(
        DocumentKey key,
        long revision,
        long version,
        long contentVersion,
        ChangeId changeId,
        String source,
        State state,
        @Nullable ContentHash raw,
        @Nullable ContentHash extracted,
        @Nullable ContentHash passages,
        int passageCount,
        @Nullable String title,
        @Nullable String location,
        @Nullable String mediaType,
        List<String> access,
        Map<String, String> labels,
        boolean sensitive,
        @Nullable ExtractorFingerprint extractor,
        @Nullable PassagePolicyId policy,
        @Nullable ErrorCode errorCode,
        Instant receivedAt,
        Instant revisedAt) {
    public DocumentRevised {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(changeId, "changeId");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(receivedAt, "receivedAt");
        Objects.requireNonNull(revisedAt, "revisedAt");
        access = List.copyOf(access);
        labels = Map.copyOf(labels);
    }

    /** What a search may find of the document. */
    public enum State {
        LIVE,
        /** The document exists but holds no text. */
        EMPTY,
        /** No content of this document could be extracted yet. */
        QUARANTINED,
        /** No content has arrived yet (a property change came first). */
        PENDING,
        DELETED
    }
}
