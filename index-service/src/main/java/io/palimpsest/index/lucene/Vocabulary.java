package io.palimpsest.index.lucene;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.spell.DirectSpellChecker;
import org.apache.lucene.search.spell.SuggestMode;
import org.apache.lucene.search.spell.SuggestWord;

/** The words of a snapshot as they are written. */
record Vocabulary(TextAnalysis analysis) {
    /** Shorter words have more neighbours than sense. */
    private static final int MIN_LENGTH = 3;

    private static final float ALMOST_EVERYWHERE = 0.99f;

    List<String> similar(DirectoryReader reader, String word, int limit) throws IOException {
        List<String> words = analysis.words(word);
        if (words.size() != 1 || limit < 1) {
            return List.of();
        }
        DirectSpellChecker checker = new DirectSpellChecker();
        checker.setThresholdFrequency(0);
        checker.setMaxQueryFrequency(ALMOST_EVERYWHERE);
        checker.setMinQueryLength(MIN_LENGTH);
        SuggestWord[] found = checker.suggestSimilar(
                new Term(Fields.EXACT, words.getFirst()), limit, reader, SuggestMode.SUGGEST_ALWAYS);
        return Stream.of(found).map(suggestion -> suggestion.string).toList();
    }

    /** Of the rarest of its words. */
    long frequency(DirectoryReader reader, String word) throws IOException {
        long least = Long.MAX_VALUE;
        for (String part : analysis.words(word)) {
            least = Math.min(least, reader.docFreq(new Term(Fields.EXACT, part)));
        }
        return least == Long.MAX_VALUE ? 0 : least;
    }
}
