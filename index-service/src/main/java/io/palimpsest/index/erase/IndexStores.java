package io.palimpsest.index.erase;

import io.palimpsest.index.embed.EmbeddingCache;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.revision.CurrentRevisions;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.ErasableStore.Coverage;
import io.palimpsest.platform.erasure.ErasableStore.Phase;
import io.palimpsest.platform.erasure.ErasureWorker.Placed;
import io.palimpsest.platform.erasure.RowStore;
import io.palimpsest.platform.querylog.LoggedQueries;
import java.util.List;

/** All that the index service keeps of documents. */
public final class IndexStores {
    private IndexStores() {}

    /** The index itself, which may be reached by one process only. */
    public static ErasableStore passages(PassageIndex index) {
        return new IndexedPassages(index);
    }

    /** @param passages with the place where they are reached */
    public static List<Placed> of(
            Placed passages,
            CurrentRevisions revisions,
            ContentStore contents,
            EmbeddingCache cache,
            LoggedQueries queries,
            Sql sql) {
        return List.of(
                passages,
                Placed.shared(new CachedVectors(contents, cache, sql)),
                Placed.shared(new QueryRecordsOf(queries, sql)),
                Placed.shared(new RevisionsOf(revisions)),
                Placed.shared(checkpoints(sql)),
                Placed.shared(makers(sql)));
    }

    /** What the registry knows of the current revision. */
    private static ErasableStore makers(Sql sql) {
        return new RowStore(
                "revision-makers",
                Phase.RECORDS,
                Coverage.tables("revision_made_by"),
                sql,
                List.of(RowStore.deleted(
                        "revision_made_by",
                        "document_hash = ?",
                        erasing -> List.of(erasing.document().hash()))));
    }

    /** How far the building of a generation came; without it, a build that goes on begins anew. */
    private static ErasableStore checkpoints(Sql sql) {
        return new RowStore(
                "generation-checkpoints",
                Phase.RECORDS,
                Coverage.tables("generation"),
                sql,
                List.of(RowStore.changed(
                        "generation",
                        "checkpoint = NULL",
                        erasing -> List.of(),
                        "tenant = ? AND collection = ? AND checkpoint = ?",
                        RowStore::byId)));
    }
}
