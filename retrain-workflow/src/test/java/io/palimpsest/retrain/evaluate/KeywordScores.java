package io.palimpsest.retrain.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** BM25 (k1 0.9, b 0.4) over whole words. */
final class KeywordScores {
    private static final Pattern WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private final List<Map<String, Integer>> counts = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private final Map<String, Integer> frequencies = new HashMap<>();
    private final double average;

    KeywordScores(Iterable<String> documents) {
        long total = 0;
        for (String document : documents) {
            Map<String, Integer> count = new HashMap<>();
            String[] words = words(document);
            for (String word : words) {
                count.merge(word, 1, Integer::sum);
            }
            count.keySet().forEach(word -> frequencies.merge(word, 1, Integer::sum));
            counts.add(count);
            lengths.add(words.length);
            total += words.length;
        }
        this.average = (double) total / counts.size();
    }

    double[] of(String query) {
        double[] scores = new double[counts.size()];
        for (String word : words(query)) {
            int frequency = frequencies.getOrDefault(word, 0);
            double idf = Math.log(1 + (counts.size() - frequency + 0.5) / (frequency + 0.5));
            for (int i = 0; i < scores.length; i++) {
                int count = counts.get(i).getOrDefault(word, 0);
                double norm = 0.9 * (0.6 + 0.4 * lengths.get(i) / average);
                scores[i] += count == 0 ? 0 : idf * count / (count + norm);
            }
        }
        return scores;
    }

    private static String[] words(String text) {
        return WORD.split(text.toLowerCase(Locale.ROOT));
    }
}
