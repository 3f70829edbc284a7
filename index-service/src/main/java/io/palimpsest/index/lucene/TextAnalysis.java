package io.palimpsest.index.lucene;

import io.palimpsest.index.words.WordAnalysis;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.Similarity;
import org.jspecify.annotations.Nullable;

/** The words of texts and queries in Lucene's terms. Threading: any. */
final class TextAnalysis {
    private final WordAnalysis words = new WordAnalysis();
    private final Analyzer both = new PerFieldAnalyzerWrapper(words.english(), Map.of(Fields.EXACT, words.asWritten()));

    Analyzer forIndexing() {
        return both;
    }

    static Similarity similarity() {
        return new BM25Similarity(WordAnalysis.BM25_K1, WordAnalysis.BM25_B);
    }

    /** @return null where the text has no word */
    @Nullable
    Query query(String text) {
        Map<String, Integer> counts = words.queryStems(text);
        if (counts.isEmpty()) {
            return null;
        }
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        counts.forEach((term, count) -> {
            Query one = new TermQuery(new Term(Fields.TEXT, term));
            any.add(count == 1 ? one : new BoostQuery(one, count), Occur.SHOULD);
        });
        return any.build();
    }

    /** The words of a text as written: lower case, accents folded. */
    List<String> words(String text) {
        return words.words(text);
    }
}
