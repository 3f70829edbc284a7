package io.palimpsest.index.lucene;

import io.palimpsest.contracts.id.PassageId;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/** The passages of one document in a snapshot. */
final class DocumentPassages {
    private DocumentPassages() {}

    /** Visible at the moment, by id, each with the version that brought it. */
    static SortedMap<PassageId, Long> at(IndexReader reader, String documentId, @Nullable Instant asOf)
            throws IOException {
        SortedMap<PassageId, Long> found = new TreeMap<>();
        for (LeafReaderContext leaf : reader.leaves()) {
            PostingsEnum postings = leaf.reader().postings(new Term(Fields.DOCUMENT, documentId), PostingsEnum.NONE);
            Moment moment = postings == null ? null : Moment.passages(leaf.reader(), asOf);
            if (postings != null && moment != null) {
                collect(leaf, postings, moment, found);
            }
        }
        return found;
    }

    private static void collect(
            LeafReaderContext leaf, PostingsEnum postings, Moment moment, Map<PassageId, Long> found)
            throws IOException {
        Bits alive = leaf.reader().getLiveDocs();
        for (int doc = postings.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = postings.nextDoc()) {
            if ((alive == null || alive.get(doc)) && moment.shows(doc)) {
                PassageId id = new PassageId(
                        Records.binary(leaf.reader(), Fields.PASSAGE_ID, doc).utf8ToString());
                found.put(id, Records.number(leaf.reader(), Fields.BORN, doc));
            }
        }
    }
}
