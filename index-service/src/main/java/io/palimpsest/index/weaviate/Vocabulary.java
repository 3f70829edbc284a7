package io.palimpsest.index.weaviate;

import io.palimpsest.index.words.EditDistance;
import io.palimpsest.index.words.WordAnalysis;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The words of a generation as they are written; Weaviate has no way to ask for the terms of its index. Each batch brings a
 * page of the words that were new to its process, committed with it. Every process has all of them in memory, up to a
 * million, beyond which none are added. Threading: any.
 */
final class Vocabulary {
    /** Shorter words have more neighbours than sense. */
    private static final int MIN_LENGTH = 3;

    private static final int MAX_EDITS = 2;

    /** About 100 bytes each. */
    private static final int MOST_WORDS = 1_000_000;

    private final WordPages pages;
    private final Commits commits;
    private final PassageStore passages;
    private final WordAnalysis analysis;

    /** With the letters of each as bits: words that differ in many of them need not be compared. */
    private final Map<String, Long> words = new ConcurrentHashMap<>();

    /** The last batch of each writer whose words are known here. */
    private final Map<String, Long> read = new ConcurrentHashMap<>();

    private record Neighbour(String word, int edits) {}

    Vocabulary(WordPages pages, Commits commits, PassageStore passages, WordAnalysis analysis) {
        this.pages = pages;
        this.commits = commits;
        this.passages = passages;
        this.analysis = analysis;
    }

    /** Those that no page has. */
    List<String> fresh(Set<String> some) {
        if (words.isEmpty()) {
            refresh();
        }
        return words.size() >= MOST_WORDS
                ? List.of()
                : some.stream().filter(word -> !words.containsKey(word)).toList();
    }

    /** After their page was committed. */
    void learn(Collection<String> some) {
        some.forEach(word -> words.put(word, letters(word)));
    }

    private synchronized void refresh() {
        commits.refreshAll().forEach((writer, committed) -> {
            long known = read.getOrDefault(writer, 0L);
            if (committed > known) {
                pages.of(writer, known, committed, page -> learn(page.words()));
                read.put(writer, committed);
            }
        });
    }

    /** Forgets those of the words that no passage has any more, here and in the server. */
    void sweep(Set<String> some) {
        Set<String> gone = new TreeSet<>(some);
        gone.removeIf(word -> passages.countWith(word) > 0);
        if (gone.isEmpty()) {
            return;
        }
        words.keySet().removeAll(gone);
        List<WordPages.Page> changed = new ArrayList<>();
        commits.refreshAll()
                .forEach((writer, committed) -> pages.of(writer, -1, committed, page -> {
                    if (page.words().stream().anyMatch(gone::contains)) {
                        changed.add(page.without(gone));
                    }
                }));
        changed.forEach(pages::replace);
    }

    List<String> similar(String term, int limit) {
        List<String> parts = analysis.words(term);
        if (parts.size() != 1 || limit < 1 || parts.getFirst().length() < MIN_LENGTH) {
            return List.of();
        }
        refresh();
        String word = parts.getFirst();
        long letters = letters(word);
        return words.entrySet().stream()
                .filter(entry -> Math.abs(entry.getKey().length() - word.length()) <= MAX_EDITS
                        && Long.bitCount(entry.getValue() ^ letters) <= 2 * MAX_EDITS
                        && !entry.getKey().equals(word))
                .map(entry -> new Neighbour(entry.getKey(), EditDistance.between(word, entry.getKey())))
                .filter(neighbour -> neighbour.edits() <= MAX_EDITS)
                .sorted(Comparator.comparingInt(Neighbour::edits).thenComparing(Neighbour::word))
                .map(Neighbour::word)
                .filter(found -> passages.countWith(found) > 0)
                .limit(limit)
                .toList();
    }

    /** One bit for each letter, by its number modulo 64. */
    private static long letters(String word) {
        return word.codePoints().mapToLong(letter -> 1L << letter).reduce(0, (a, b) -> a | b);
    }

    /** Of the rarest of its words. */
    long frequency(String term) {
        long least = Long.MAX_VALUE;
        for (String word : analysis.words(term)) {
            least = Math.min(least, passages.countWith(word));
        }
        return least == Long.MAX_VALUE ? 0 : least;
    }
}
