package io.palimpsest.index.lucene;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.passages.ScoredPassage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.ScoreDoc;

/** Lucene document numbers to hits, each with the revision that the same snapshot shows. */
record HitResolver(IndexReader reader, CollectionKey collection, Records records) {

    List<ScoredPassage> resolve(List<ScoreDoc> found) throws IOException {
        List<ScoreDoc> byNumber = new ArrayList<>(found);
        byNumber.sort(Comparator.comparingInt(hit -> hit.doc));
        List<ScoredPassage> hits = new ArrayList<>(found.size());
        for (ScoreDoc hit : byNumber) {
            LeafReaderContext leaf = reader.leaves().get(ReaderUtil.subIndex(hit.doc, reader.leaves()));
            int doc = hit.doc - leaf.docBase;
            String documentId = documentId(leaf.reader(), doc);
            Optional<Records.RevisionRecord> record = records.of(documentId);
            if (record.isPresent() && !record.get().deleted()) {
                PassageId passage = new PassageId(
                        Records.binary(leaf.reader(), Fields.PASSAGE_ID, doc).utf8ToString());
                hits.add(new ScoredPassage(
                        DocumentKey.of(collection, documentId),
                        passage,
                        hit.score,
                        record.get().version(),
                        record.get().reference()));
            }
        }
        hits.sort(ScoredPassage.ORDER);
        return hits;
    }

    private static String documentId(LeafReader reader, int doc) throws IOException {
        SortedDocValues ids = Objects.requireNonNull(reader.getSortedDocValues(Fields.DOCUMENT_ID), Fields.DOCUMENT_ID);
        ids.advanceExact(doc);
        return ids.lookupOrd(ids.ordValue()).utf8ToString();
    }
}
