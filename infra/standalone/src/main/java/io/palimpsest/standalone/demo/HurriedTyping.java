package io.palimpsest.standalone.demo;

import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Questions as people type them in a hurry on a phone: neighbouring keys, swapped, doubled and left out letters, nothing in
 * capitals. The kinds of errors are those of Zhuang and Zuccon, "Dealing with typos for BERT-based passage retrieval and
 * ranking", EMNLP 2021.
 *
 * <p>Threading: immutable. The same text and seed give the same errors.
 *
 * @param rate share of the words of four letters and more that have one error each, 0 to 1
 */
public record HurriedTyping(double rate, long seed) {
    private static final int SHORTEST = 4;
    private static final String[] ROWS = {"qwertyuiop", "asdfghjkl", "zxcvbnm"};
    private static final Map<Character, String> NEIGHBOURS = neighbours();

    public String of(String text) {
        SplittableRandom random = new SplittableRandom(seed * 31 + text.hashCode());
        return Stream.of(text.toLowerCase(Locale.ROOT).split(" ", -1))
                .map(word -> word.length() >= SHORTEST && random.nextDouble() < rate ? mistyped(word, random) : word)
                .collect(Collectors.joining(" "));
    }

    /** The first letter stays: people see that one. */
    private static String mistyped(String word, SplittableRandom random) {
        int at = 1 + random.nextInt(word.length() - 2);
        char letter = word.charAt(at);
        String before = word.substring(0, at);
        String after = word.substring(at + 1);
        return switch (random.nextInt(4)) {
            case 0 -> before + after;
            case 1 -> before + letter + letter + after;
            case 2 -> before + after.charAt(0) + letter + after.substring(1);
            default -> {
                String keys = NEIGHBOURS.getOrDefault(letter, String.valueOf(letter));
                yield before + keys.charAt(random.nextInt(keys.length())) + after;
            }
        };
    }

    private static Map<Character, String> neighbours() {
        return Stream.of(ROWS)
                .flatMap(row -> row.chars().mapToObj(letter -> (char) letter).map(letter -> {
                    int at = row.indexOf(letter);
                    return Map.entry(
                            letter,
                            row.substring(Math.max(0, at - 1), at)
                                    + row.substring(at + 1, Math.min(row.length(), at + 2)));
                }))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
