package io.palimpsest.index.lucene;

import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.LegHits;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.passages.ScoredPassage;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopScoreDocCollectorManager;

/** Answers queries from one snapshot: selects, then ranks both legs, then says which revisions were hit. */
record SnapshotSearch(Generation generation, TextAnalysis analysis, VectorLeg vectors) {

    LegHits search(DirectoryReader reader, AccessClasses access, PassageQuery query) throws IOException {
        Selection selection = Selection.of(reader, query, access.admitting(query.principals()));
        if (selection.size() == 0) {
            return LegHits.NONE;
        }
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null); // ends and access change in place, which a cache would not notice
        searcher.setSimilarity(TextAnalysis.similarity());
        HitResolver hits = new HitResolver(reader, generation.collection(), new Records(reader, query.asOf()));
        int k = Math.min(query.candidates(), selection.size());
        float[] vector = query.vector();
        List<ScoredPassage> near =
                vector == null ? List.of() : hits.resolve(vectors.search(searcher, selection, vector, k));
        String text = query.text();
        List<ScoredPassage> matching = text == null ? List.of() : hits.resolve(keyword(searcher, selection, text, k));
        return new LegHits(near, matching);
    }

    private List<ScoreDoc> keyword(IndexSearcher searcher, Selection selection, String text, int k) throws IOException {
        Query words = analysis.query(text);
        if (words == null) {
            return List.of();
        }
        Query selected = new BooleanQuery.Builder()
                .add(words, Occur.MUST)
                .add(new SelectionQuery(selection), Occur.FILTER)
                .build();
        return List.of(searcher.search(selected, new TopScoreDocCollectorManager(k, k)).scoreDocs);
    }
}
