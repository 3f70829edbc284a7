package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.TenantId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something a service did, for the ledger. Ids and salted commitments only.
 *
 * @param entryId deterministic: the same act gives the same id, so that a redelivery is one entry
 * @param actor principal or service, such as {@code service:index} or {@code key:3fa4}
 * @param facts small non-personal values (versions, counts, generation, model, error code)
 * @param commitment to the entry's personal part (document id, principal, ...), hex of 32 bytes; null without one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LedgerEntry(
        String entryId,
        Type type,
        Instant at,
        String actor,
        TenantId tenant,
        @Nullable CollectionId collection,
        Map<String, String> facts,
        @Nullable String commitment) {
    public LedgerEntry {
        facts = Map.copyOf(facts);
    }

    /** What was done. */
    public enum Type {
        CHANGE_ACCEPTED,
        REVISION_VISIBLE,
        DOCUMENT_DELETED,
        /** The newest revision of the document has nothing that a search could find. */
        DOCUMENT_HIDDEN,
        CONTENT_QUARANTINED,
        QUARANTINE_RETRIED,
        GENERATION_MADE,
        COLLECTION_CREATED,
        /** Deletes that a comparison of a watched folder held back may go. */
        DELETES_APPROVED,
        /** A generation began to be read by searches: first, swapped in, or rolled back to. */
        GENERATION_LIVE,
        GENERATION_DROPPED,
        /** Which passages a generation had at a moment: the root over them. */
        INDEX_MANIFEST,
        MODEL_REGISTERED,
        /** Something that versions are made of, and that has no entry of its own kind: an extractor, a model served elsewhere. */
        ARTIFACT_REGISTERED,
        MODEL_PROMOTED,
        MODEL_ROLLED_BACK,
        SNAPSHOT_MADE,
        RUN_STARTED,
        /** With its outcome, "not better" included. */
        RUN_ENDED,
        APPROVAL_GIVEN,
        APPROVAL_REFUSED,
        FEEDBACK_TAKEN,
        JUDGEMENT_GIVEN,
        DRIFT_ALARM,
        CONFIGURATION_CHANGED,
        REQUEST_REFUSED,
        /** Somebody was shown passages: stands for the receipt of that. */
        QUERY_SERVED,
        /** An auditor had a query repeated on the state of then. */
        QUERY_RERUN,
        ERASURE_REQUESTED,
        /** Not begun: a legal hold keeps the document. */
        ERASURE_HELD,
        /** Every store was erased and probed; the facts have the hash of the certificate. */
        ERASURE_COMPLETED,
        /** Ended without: a person refused it, nobody approved it in time, or a store still holds something. */
        ERASURE_ABANDONED,
        /** From here on no source may bring the document back. */
        DOCUMENT_SUPPRESSED,
        SUPPRESSION_LIFTED,
        HOLD_PLACED,
        HOLD_RELEASED,
        /** A model learned from a document that was erased since. */
        MODEL_TAINTED,
        /** What came as an entry could not be read: its hash stands for it. */
        ENTRY_UNREADABLE,
        /** A topic was missing beside others: what it had held, if it was there before, is lost. */
        TOPIC_MADE_AGAIN
    }
}
