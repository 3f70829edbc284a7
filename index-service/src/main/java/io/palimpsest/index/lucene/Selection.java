package io.palimpsest.index.lucene;

import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.index.passages.PassageQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/**
 * The passages of a snapshot that a query may rank at all: access, interval, labels and documents, decided before any
 * similarity. One bit set per segment, shared by both legs.
 */
record Selection(List<FixedBitSet> segments, int size) {

    static Selection of(IndexReader reader, PassageQuery query, BitSet admitted) throws IOException {
        List<FixedBitSet> segments = new ArrayList<>();
        int size = 0;
        for (LeafReaderContext leaf : reader.leaves()) {
            FixedBitSet bits = admitted.isEmpty()
                    ? new FixedBitSet(leaf.reader().maxDoc())
                    : select(leaf.reader(), query, admitted);
            segments.add(bits);
            size += bits.cardinality();
        }
        return new Selection(segments, size);
    }

    private static FixedBitSet select(LeafReader reader, PassageQuery query, BitSet admitted) throws IOException {
        FixedBitSet selected = new FixedBitSet(reader.maxDoc());
        Moment moment = Moment.passages(reader, query.asOf());
        NumericDocValues access = reader.getNumericDocValues(Fields.ACCESS);
        if (moment == null || access == null) {
            return selected;
        }
        FixedBitSet narrowed = narrow(reader, query);
        DocIdSetIterator docs = narrowed == null
                ? DocIdSetIterator.all(reader.maxDoc())
                : new BitSetIterator(narrowed, narrowed.length());
        Bits alive = reader.getLiveDocs();
        for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
            if ((alive == null || alive.get(doc))
                    && moment.shows(doc)
                    && access.advanceExact(doc)
                    && admitted.get((int) access.longValue())) {
                selected.set(doc);
            }
        }
        return selected;
    }

    /** @return null where neither labels nor documents are asked for */
    private static @Nullable FixedBitSet narrow(LeafReader reader, PassageQuery query) throws IOException {
        FixedBitSet narrowed = null;
        if (query.documents() != null) {
            narrowed = union(
                    reader, query.documents().stream().map(DocumentId::value).map(id -> new Term(Fields.DOCUMENT, id)));
        }
        for (Map.Entry<String, String> label : query.labels().entrySet()) {
            Term term = new Term(Fields.LABEL, Fields.label(label.getKey(), label.getValue()));
            FixedBitSet carrying = union(reader, Stream.of(term));
            if (narrowed == null) {
                narrowed = carrying;
            } else {
                narrowed.and(carrying);
            }
        }
        return narrowed;
    }

    private static FixedBitSet union(LeafReader reader, Stream<Term> terms) throws IOException {
        FixedBitSet union = new FixedBitSet(reader.maxDoc());
        for (Term term : terms.toList()) {
            PostingsEnum postings = reader.postings(term, PostingsEnum.NONE);
            if (postings != null) {
                union.or(postings);
            }
        }
        return union;
    }
}
