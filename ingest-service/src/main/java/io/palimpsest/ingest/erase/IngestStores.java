package io.palimpsest.ingest.erase;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.ingest.intake.ChangePublisher;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.ErasableStore.Coverage;
import io.palimpsest.platform.erasure.ErasableStore.Phase;
import io.palimpsest.platform.erasure.RowStore;
import java.time.InstantSource;
import java.util.List;

/** All that the ingest service keeps of documents. */
public final class IngestStores {
    private IngestStores() {}

    /**
     * In any process of the service.
     *
     * @param gate whether the gates of all processes know of a suppression
     */
    public static List<ErasableStore> of(
            Sql sql,
            ChangePublisher publisher,
            ForgottenDocuments forgotten,
            RecentSuppressions gate,
            InstantSource clock) {
        return List.of(
                new Deletion(sql, publisher, gate::areKnownToGates, clock),
                new RawHashes(sql),
                timeline(sql),
                deadLetters(sql),
                new SourceListings(sql),
                new StreamState(forgotten, clock));
    }

    /** What the timeline and the workers keep of a document. */
    public static RowStore timeline(Sql sql) {
        return new RowStore(
                "timeline",
                Phase.RECORDS,
                Coverage.tables(
                        "document",
                        "document_change",
                        "quarantine_entry",
                        "extraction",
                        "extraction_retry",
                        "fetched_reference"),
                sql,
                List.of(
                        byKey("document"),
                        byKey("quarantine_entry"),
                        byKey("extraction"),
                        byKey("extraction_retry"),
                        byKey("fetched_reference"),
                        RowStore.changed(
                                "document_change",
                                "document_key = ?, document_id = ?, event_id = NULL, message = NULL",
                                erasing -> List.of(
                                        erasing.pseudonym().toString(),
                                        erasing.pseudonym().document().value()),
                                "document_key = ?",
                                RowStore::byKey)),
                List.of(
                        "The rows of its changes stay without its id, so that the counts add up; their ids are hashes over its id and"
                                + " the ids of events, which whoever knows all of these can recognise."));
    }

    private static RowStore.Rows byKey(String table) {
        return RowStore.deleted(table, "document_key = ?", RowStore::byKey);
    }

    /** What was set aside, and reports of comparisons, name documents in JSON. */
    private static ErasableStore deadLetters(Sql sql) {
        return new RowStore(
                "dead-letters",
                Phase.RECORDS,
                Coverage.tables("dead_letter", "reconciliation"),
                sql,
                List.of(replaced("dead_letter", "attributes"), replaced("reconciliation", "report")));
    }

    private static RowStore.Rows replaced(String table, String column) {
        return RowStore.changed(
                table,
                column + " = REPLACE(" + column + ", ?, ?)",
                erasing -> List.of(
                        quoted(erasing.document().document().value()),
                        quoted(erasing.pseudonym().document().value())),
                // Letters of the gate have no collection. Not by LIKE, which takes other ids for this one where it
                // ignores case.
                "((tenant = ? AND collection = ?) OR tenant IS NULL) AND REPLACE(" + column + ", ?, '') <> " + column,
                erasing -> List.of(
                        erasing.document().tenant().value(),
                        erasing.document().collection().value(),
                        quoted(erasing.document().document().value())));
    }

    private static String quoted(String text) {
        return Json.writeText(text);
    }
}
