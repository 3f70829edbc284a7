package io.palimpsest.ingest.timeline;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.ChangeDropped;
import io.palimpsest.contracts.event.DeadLetter;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies a batch of facts to the rows they touch. Ordering: facts of one topic partition in their order, topics in any
 * order; the same final rows come out.
 */
final class TimelineBatch {
    private final Sql.Transaction transaction;
    private final TimelineStore store;
    private final Map<ChangeId, ChangeRow> changes = new HashMap<>();
    private final Map<DocumentKey, DocumentRow> documents = new HashMap<>();

    TimelineBatch(Sql.Transaction transaction) {
        this.transaction = transaction;
        this.store = new TimelineStore(transaction);
    }

    void apply(List<Object> facts) throws SQLException {
        load(facts);
        for (Object fact : facts) {
            switch (fact) {
                case DocumentChanged changed -> apply(changed);
                case DocumentAccepted accepted -> apply(accepted);
                case ChangeDropped dropped -> apply(dropped);
                case DocumentExtracted extracted -> apply(extracted);
                case DocumentRevised revised -> apply(revised);
                case DocumentIndexed indexed -> apply(indexed);
                case DeadLetter deadLetter -> apply(deadLetter);
                default -> throw new IllegalArgumentException("not a fact of the timeline: " + fact.getClass());
            }
        }
        adoptDeadLetters();
        endOvertaken();
        store.saveDocuments(documents.values());
        closeOvertakenQuarantine(facts);
        store.saveChanges(changes.values(), row -> document(row.key).indexedVersion);
    }

    /** Those of which something was written. */
    Set<DocumentKey> documents() {
        return documents.keySet();
    }

    private void load(List<Object> facts) throws SQLException {
        Set<ChangeId> ids = new LinkedHashSet<>();
        Set<DocumentKey> keys = new LinkedHashSet<>();
        for (Object fact : facts) {
            switch (fact) {
                case DocumentChanged f -> add(ids, keys, f.changeId(), f.key());
                case DocumentAccepted f -> add(ids, keys, f.changeId(), f.key());
                case ChangeDropped f -> add(ids, keys, f.changeId(), f.key());
                case DocumentExtracted f -> add(ids, keys, f.changeId(), f.key());
                case DocumentRevised f -> add(ids, keys, f.changeId(), f.key());
                case DocumentIndexed f -> add(ids, keys, f.changeId(), f.key());
                case DeadLetter f -> {
                    if (f.changeId() != null) {
                        ids.add(f.changeId());
                    }
                }
                default -> throw new IllegalArgumentException("not a fact of the timeline: " + fact.getClass());
            }
        }
        List<ChangeRow> rows = new ArrayList<>(store.changes(ids));
        rows.addAll(store.openChanges(keys));
        for (ChangeRow row : rows) {
            changes.putIfAbsent(row.changeId, row);
            keys.add(row.key);
        }
        store.documents(keys).forEach(row -> documents.put(row.key, row));
    }

    private static void add(Set<ChangeId> ids, Set<DocumentKey> keys, ChangeId id, DocumentKey key) {
        ids.add(id);
        keys.add(key);
    }

    private void apply(DocumentChanged fact) {
        ChangeRow row = change(fact.changeId(), fact.key());
        row.arrivals++;
        if (row.receivedAt == null || fact.receivedAt().isBefore(row.receivedAt)) {
            row.receivedAt = fact.receivedAt();
        }
        if (row.version == 0) { // otherwise the gate has said whose it is
            row.source = fact.source();
        }
        row.eventId = fact.eventId();
        row.type = fact.type().id();
    }

    private void apply(DocumentAccepted fact) {
        ChangeRow row = change(fact.changeId(), fact.key());
        row.version = fact.version();
        row.effect = fact.effect();
        row.acceptedAt = fact.acceptedAt();
        row.source = fact.source();
        if (row.receivedAt == null) {
            row.receivedAt = fact.receivedAt();
        }
        DocumentRow document = document(fact.key());
        document.source = fact.source();
        if (fact.version() > document.version) {
            document.version = fact.version();
            document.changedAt = fact.acceptedAt();
        }
    }

    private void apply(ChangeDropped fact) {
        ChangeRow row = change(fact.changeId(), fact.key());
        switch (fact.reason()) {
            case DUPLICATE -> row.duplicates++;
            case STALE -> end(row, ChangeState.STALE, fact.droppedAt());
            case SUPPRESSED -> {
                row.errorCode = ErrorCode.DOCUMENT_SUPPRESSED.id();
                end(row, ChangeState.STALE, fact.droppedAt());
            }
        }
    }

    private void apply(DocumentExtracted fact) {
        ChangeRow row = change(fact.changeId(), fact.key());
        if (row.extractedAt != null && fact.finishedAt().isBefore(row.extractedAt)) {
            return;
        }
        row.extractStartedAt = fact.startedAt();
        row.extractedAt = fact.finishedAt();
        row.outcome = fact.outcome();
        row.errorCode = fact.errorCode() == null ? null : fact.errorCode().id();
        row.message = fact.message();
        row.deliveries = fact.deliveries();
        row.endedAt = fact.outcome() == DocumentExtracted.Outcome.FAILED ? fact.finishedAt() : row.indexedAt;
    }

    private void apply(DocumentRevised fact) {
        for (ChangeRow row : changes.values()) {
            boolean included = row.version > 0 && row.version <= fact.version() && row.key.equals(fact.key());
            if (row.revisedAt == null && (included || row.changeId.equals(fact.changeId()))) {
                row.revisedAt = fact.revisedAt();
            }
        }
        DocumentRow document = document(fact.key());
        if (fact.revision() >= document.revision) {
            document.revision = fact.revision();
            document.source = fact.source();
            document.title = fact.title();
            document.location = fact.location();
            document.mediaType = fact.mediaType();
            document.state = fact.state().name();
            document.passages = fact.passageCount();
            document.errorCode =
                    fact.errorCode() == null ? null : fact.errorCode().id();
            document.changedAt = fact.revisedAt();
        }
    }

    private void apply(DocumentIndexed fact) {
        DocumentRow document = document(fact.key());
        document.indexedVersion = Math.max(document.indexedVersion, fact.version());
        if (fact.revision() > document.indexedRevision) {
            document.indexedRevision = fact.revision();
            document.indexedAt = fact.indexedAt();
        }
        ChangeRow row = change(fact.changeId(), fact.key());
        if (fact.errorCode() != null) {
            row.droppedAs = ChangeState.QUARANTINED;
            row.errorCode = fact.errorCode().id();
            row.message = fact.errorCode().hint();
        }
        if (row.indexedAt == null) { // a second generation, or a rebuild, changes nothing here
            row.indexedAt = fact.indexedAt();
            row.passages = fact.passages();
            row.embedded = fact.embedded();
            row.reused = fact.reused();
            row.endedAt = row.endedAt == null ? fact.indexedAt() : row.endedAt;
        }
    }

    private void apply(DeadLetter letter) throws SQLException {
        transaction.update(
                "INSERT INTO dead_letter (topic, partition_no, record_no, tenant, collection, change_id, error_code,"
                        + " message, attributes, at) VALUES (" + Columns.placeholders(10) + ") ON CONFLICT DO NOTHING",
                Columns.of(
                        letter.topic(),
                        letter.partition(),
                        letter.offset(),
                        letter.attributes().get("tenant"),
                        letter.attributes().get("collection"),
                        letter.changeId(),
                        letter.errorCode().id(),
                        letter.message(),
                        Json.writeText(letter.attributes()),
                        letter.at()));
    }

    /** A change whose dead letter was read before it: the letter names no document, so it could not make the row. */
    private void adoptDeadLetters() throws SQLException {
        List<ChangeId> waiting = changes.values().stream()
                .filter(row -> row.version == 0 && row.droppedAs == null)
                .map(row -> row.changeId)
                .toList();
        for (TimelineStore.DeadLetterRow letter : store.deadLetters(waiting)) {
            ChangeRow row = changes.get(letter.changeId());
            if (row != null) {
                row.errorCode = letter.errorCode();
                row.message = letter.message();
                end(row, ChangeState.DEAD_LETTERED, letter.at());
            }
        }
    }

    private void endOvertaken() {
        for (ChangeRow row : changes.values()) {
            DocumentRow document = document(row.key);
            if (row.endedAt == null && row.version > 0 && row.version <= document.indexedVersion) {
                row.endedAt = document.indexedAt;
            }
        }
    }

    /** Newer content was indexed: nobody needs to look at the older failure any more. */
    private void closeOvertakenQuarantine(List<Object> facts) throws SQLException {
        List<@Nullable Object[]> overtaken = new ArrayList<>();
        for (Object fact : facts) {
            if (fact instanceof DocumentIndexed indexed) {
                overtaken.add(Columns.of(indexed.key(), indexed.version()));
            }
        }
        if (!overtaken.isEmpty()) {
            transaction.updateAll("DELETE FROM quarantine_entry WHERE document_key = ? AND version < ?", overtaken);
        }
    }

    private static void end(ChangeRow row, ChangeState state, @Nullable Instant at) {
        row.droppedAs = state;
        row.endedAt = at;
    }

    private ChangeRow change(ChangeId id, DocumentKey key) {
        return changes.computeIfAbsent(id, absent -> new ChangeRow(absent, key));
    }

    private DocumentRow document(DocumentKey key) {
        return documents.computeIfAbsent(key, DocumentRow::new);
    }
}
