package io.palimpsest.retrain.erase;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.ErasableStore.Coverage;
import io.palimpsest.platform.erasure.ErasableStore.Phase;
import io.palimpsest.platform.erasure.Erasing;
import io.palimpsest.platform.erasure.RowStore;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.retrain.snapshot.Snapshots;
import java.util.List;

/** All that the retrain service keeps of documents, the same in every process of it. */
public final class RetrainStores {
    private static final String ITEM = "tenant = ? AND collection = ? AND document_id = ?";
    private static final String OF_ITEM = "item_id IN (SELECT item_id FROM review_item WHERE " + ITEM + ")";
    /** As {@code Answered} makes them: half of a digest's bytes in hex. */
    private static final int DIGEST = 16;

    private RetrainStores() {}

    public static List<ErasableStore> of(Sql sql, LoggedQueries queries, Snapshots snapshots) {
        return List.of(
                new FeedbackOf(queries, sql),
                reviews(sql),
                standings(sql),
                canaries(sql),
                new SnapshotsOf(snapshots, sql));
    }

    private static ErasableStore reviews(Sql sql) {
        return new RowStore(
                "reviews",
                Phase.COPIES,
                Coverage.tables("review_item", "review_assignment", "judgement"),
                sql,
                List.of(
                        RowStore.deleted("judgement", OF_ITEM, RowStore::byId),
                        RowStore.deleted("review_assignment", OF_ITEM, RowStore::byId),
                        RowStore.deleted("review_item", ITEM, RowStore::byId)));
    }

    /** Made anew by a revision that is read late, and taken away by the tombstone that follows it. */
    private static ErasableStore standings(Sql sql) {
        return new RowStore(
                "standings",
                Phase.RECORDS,
                Coverage.tables("document_standing"),
                sql,
                List.of(RowStore.deleted("document_standing", "document_key = ?", RowStore::byKey)));
    }

    /** What a generation found once: the document's digest makes way for a word. */
    private static ErasableStore canaries(Sql sql) {
        return new RowStore(
                "canaries",
                Phase.RECORDS,
                Coverage.tables("canary_baseline"),
                sql,
                List.of(RowStore.changed(
                        "canary_baseline",
                        "found = REPLACE(found, ?, 'erased')",
                        erasing -> List.of(digest(erasing)),
                        "tenant = ? AND collection = ? AND found LIKE ?",
                        erasing -> List.of(
                                erasing.document().tenant().value(),
                                erasing.document().collection().value(),
                                "%" + digest(erasing) + "%"))));
    }

    private static String digest(Erasing erasing) {
        return ContentHash.ofText(erasing.document().document().value()).value().substring(0, DIGEST);
    }
}
