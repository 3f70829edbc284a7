package io.palimpsest.platform.erasure;

import io.palimpsest.platform.database.Sql;
import java.util.List;

/** The tables of erasures themselves: other requests for the document end, and released holds name it no more. */
public final class ErasureRows {
    private ErasureRows() {}

    public static ErasableStore store(Sql sql) {
        return new RowStore(
                "erasures",
                ErasableStore.Phase.RECORDS,
                ErasableStore.Coverage.tables(
                        "erasure", "erasure_task", "erasure_note", "erasure_store", "legal_hold", "suppression"),
                sql,
                List.of(
                        RowStore.changed(
                                "legal_hold",
                                "document_id = NULL",
                                erasing -> List.of(),
                                "tenant = ? AND collection = ? AND document_id = ? AND released_at IS NOT NULL",
                                RowStore::byId),
                        RowStore.changed(
                                "erasure",
                                "document_id = NULL, state = 'CANCELLED'",
                                erasing -> List.of(),
                                "tenant = ? AND collection = ? AND document_id = ? AND erasure_id <> ? AND state = 'WAITING'",
                                erasing -> List.of(
                                        erasing.document().tenant().value(),
                                        erasing.document().collection().value(),
                                        erasing.document().document().value(),
                                        erasing.id()))),
                List.of(
                        "The suppression list keeps an HMAC of the document's key, so that no source brings it back: whoever has"
                                + " the deployment's secret and the id can recognise it. It stays until it is lifted. The reasons that"
                                + " people gave stay."));
    }
}
