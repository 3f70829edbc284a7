package io.palimpsest.index.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.apache.lucene.search.knn.TopKnnCollectorManager;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.VectorUtil;

/**
 * Nearest passages by cosine. Few selected passages: all are compared, the result is the true top. Many: the graphs over
 * int8 vectors propose more than asked for, and the full-precision vectors decide.
 *
 * @param exactLimit up to this many selected passages are all compared
 */
record VectorLeg(int exactLimit) {
    /** In a segment with fewer the graph saves next to nothing. Arbitrary. */
    private static final int SEGMENT_EXACT_LIMIT = 2_000;

    /** The graphs propose half as many again: what int8 ranks just below the cut gets its chance. */
    private static final double OVERSAMPLING = 1.5;

    /** Lucene document numbers with the cosine as the score, in no particular order. */
    List<ScoreDoc> search(IndexSearcher searcher, Selection selection, float[] vector, int k) throws IOException {
        Nearest nearest = new Nearest(k);
        TopKnnCollectorManager collectors = new TopKnnCollectorManager((int) Math.ceil(k * OVERSAMPLING), searcher);
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            FixedBitSet bits = selection.segments().get(leaf.ord);
            int count = bits.cardinality();
            FloatVectorValues vectors = leaf.reader().getFloatVectorValues(Fields.VECTOR);
            if (count == 0 || vectors == null) {
                continue;
            }
            FixedBitSet chosen = selection.size() <= exactLimit || count <= SEGMENT_EXACT_LIMIT
                    ? bits
                    : propose(leaf, bits, count, vector, collectors);
            compare(leaf, vectors, chosen, vector, nearest);
        }
        return nearest.all();
    }

    /** What the graph proposes; everything where it would have had to look at everything. */
    private static FixedBitSet propose(
            LeafReaderContext leaf, FixedBitSet bits, int count, float[] vector, TopKnnCollectorManager collectors)
            throws IOException {
        KnnCollector collector = collectors.newCollector(count, KnnSearchStrategy.Hnsw.DEFAULT, leaf);
        int maxDoc = leaf.reader().maxDoc();
        AcceptDocs accept = AcceptDocs.fromIteratorSupplier(() -> new BitSetIterator(bits, count), null, maxDoc);
        leaf.reader().searchNearestVectors(Fields.VECTOR, vector, collector, accept);
        if (collector.earlyTerminated()) {
            return bits;
        }
        FixedBitSet proposed = new FixedBitSet(maxDoc);
        for (ScoreDoc hit : collector.topDocs().scoreDocs) {
            proposed.set(hit.doc);
        }
        return proposed;
    }

    private static void compare(
            LeafReaderContext leaf, FloatVectorValues vectors, FixedBitSet docs, float[] vector, Nearest nearest)
            throws IOException {
        KnnVectorValues.DocIndexIterator positions = vectors.iterator();
        DocIdSetIterator chosen = new BitSetIterator(docs, docs.length());
        for (int doc = chosen.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = chosen.nextDoc()) {
            if (positions.docID() < doc) {
                positions.advance(doc);
            }
            if (positions.docID() == doc) {
                float cosine = VectorUtil.dotProduct(vector, vectors.vectorValue(positions.index()));
                nearest.offer(leaf.docBase + doc, Math.clamp(cosine, -1f, 1f));
            }
        }
    }

    /** The k highest scores so far. */
    private static final class Nearest {
        private final int k;
        private final PriorityQueue<ScoreDoc> heap =
                new PriorityQueue<>(Comparator.comparingDouble((ScoreDoc hit) -> hit.score));

        Nearest(int k) {
            this.k = k;
        }

        void offer(int doc, float score) {
            ScoreDoc worst = heap.size() < k ? null : heap.peek();
            if (worst != null && score <= worst.score) {
                return;
            }
            if (worst != null) {
                heap.remove();
            }
            heap.add(new ScoreDoc(doc, score));
        }

        List<ScoreDoc> all() {
            return new ArrayList<>(heap);
        }
    }
}
