package io.palimpsest.ingest.quarantine;

import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.ingest.intake.CollectionRegistry;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/** Tells the ledger what operators did. Threading: safe. */
public final class OperatorActs {
    private final LedgerEntries entries;
    private final LedgerSink sink;
    private final Clock clock;

    public OperatorActs(LedgerEntries entries, LedgerSink sink, Clock clock) {
        this.entries = entries;
        this.sink = sink;
        this.clock = clock;
    }

    /** The same collection is the same entry, however often it is told. */
    public void created(CollectionKey key, CollectionRegistry.Created created) {
        sink.record(entries.ofCollection(
                LedgerEntry.Type.COLLECTION_CREATED,
                created.createdAt(),
                created.createdBy(),
                key,
                created.collection(),
                Map.of()));
    }

    /**
     * @param folder path of the watched folder
     * @param held deletes that were held back
     */
    public void approvedDeletes(Caller caller, CollectionKey collection, String folder, long held) {
        Instant now = clock.instant();
        sink.record(entries.entry(
                LedgerEntry.Type.DELETES_APPROVED,
                now,
                "key:" + caller.name(),
                LedgerEntries.Scope.of(collection),
                folder + "\n" + now,
                Map.of("deletes", Long.toString(held)),
                folder));
    }

    /**
     * The same reconciliation is the same entry, however often it is told.
     *
     * @param deletes more than the source's setting lets go
     */
    public void allowedDeletes(String actor, CollectionKey collection, String reconciliation, long deletes) {
        sink.record(entries.ofCollection(
                LedgerEntry.Type.DELETES_APPROVED,
                clock.instant(),
                actor,
                collection,
                "reconciliation\n" + reconciliation,
                Map.of("deletes", Long.toString(deletes))));
    }

    void retried(Caller caller, DocumentAccepted work, long quarantinedAt) {
        sink.record(entries.ofDocument(
                LedgerEntry.Type.QUARANTINE_RETRIED,
                clock.instant(),
                "key:" + caller.name(),
                work.key(),
                work.changeId() + "\n" + quarantinedAt,
                Map.of("version", Long.toString(work.version()))));
    }
}
