package io.palimpsest.index.lucene;

import java.util.Objects;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.ConstantScoreScorerSupplier;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** A {@link Selection} as a filter clause; good for the snapshot it was made from only. */
final class SelectionQuery extends Query {
    private final Selection selection;

    SelectionQuery(Selection selection) {
        this.selection = selection;
    }

    @Override
    public Weight createWeight(IndexSearcher searcher, ScoreMode mode, float boost) {
        return new ConstantScoreWeight(this, boost) {
            @Override
            public ScorerSupplier scorerSupplier(LeafReaderContext leaf) {
                FixedBitSet bits = selection.segments().get(leaf.ord);
                return ConstantScoreScorerSupplier.fromIterator(
                        new BitSetIterator(bits, bits.cardinality()),
                        score(),
                        mode,
                        leaf.reader().maxDoc());
            }

            @Override
            public boolean isCacheable(LeafReaderContext leaf) {
                return false;
            }
        };
    }

    @Override
    public void visit(QueryVisitor visitor) {
        visitor.visitLeaf(this);
    }

    @Override
    public String toString(String field) {
        return "selection of " + selection.size();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // comparing bit sets would cost more than the query
    public boolean equals(@Nullable Object other) {
        return other instanceof SelectionQuery query && query.selection == selection;
    }

    @Override
    public int hashCode() {
        return Objects.hash(SelectionQuery.class, System.identityHashCode(selection));
    }
}
