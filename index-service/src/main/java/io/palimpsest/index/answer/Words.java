package io.palimpsest.index.answer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words of sentences as the checks compare them: stems, numbers, names, negations. Pure. */
final class Words {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+(?:[.,'’_-][\\p{L}\\p{N}]+)*%?");
    private static final Pattern NUMBER = Pattern.compile("\\p{N}+(?:[.,]\\p{N}+)*");
    /** Truncation is a stemmer for most languages: five to six characters do as well as a real one (Can et al. 2008). */
    private static final int STEM = 6;

    private static final int NEGATED_WORDS = 4;
    private static final Set<String> STOP = Set.of(
            "a", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does",
            "for", "from", "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "may", "me", "my",
            "of", "on", "one", "or", "our", "shall", "should", "so", "such", "than", "that", "the", "their", "them",
            "then", "there", "these", "they", "this", "those", "to", "was", "we", "were", "what", "when", "where",
            "which", "who", "whom", "whose", "why", "will", "with", "would", "you", "your");
    private static final Set<String> NEGATIONS = Set.of(
            "not", "no", "never", "none", "nor", "neither", "cannot", "without", "nothing", "nobody", "fails", "failed",
            "nicht", "kein", "keine", "keinen", "nie", "ohne", "ne", "pas", "jamais", "sans", "sin", "nunca");

    /** Negated, these negate all that follows: "it is not true that ...". */
    private static final Set<String> CLAUSE =
            Set.of("true", "correct", "right", "case", "clear", "certain", "shown", "proven");

    private Words() {}

    static List<String> all(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    /** Stems of the words that carry meaning, in order of first occurrence; numbers as they are. */
    static Set<String> stems(String text) {
        Set<String> stems = new LinkedHashSet<>();
        for (String word : all(text)) {
            String lower = word.toLowerCase(Locale.ROOT);
            if (!STOP.contains(lower) && !isNegation(lower) && (lower.length() > 1 || isNumber(lower))) {
                stems.add(stem(lower));
            }
        }
        return stems;
    }

    /** Neighbouring stems, words without meaning between them left out. */
    static Set<String> pairs(String text) {
        Set<String> pairs = new LinkedHashSet<>();
        String last = null;
        for (String stem : stems(text)) {
            if (last != null) {
                pairs.add(last + ' ' + stem);
            }
            last = stem;
        }
        return pairs;
    }

    /** Numbers with separators of thousands taken out: "1,000" and "1000" are the same, "1.5" stays. */
    static Set<String> numbers(String text) {
        Set<String> numbers = new LinkedHashSet<>();
        Matcher matcher = NUMBER.matcher(text);
        while (matcher.find()) {
            numbers.add(matcher.group().replaceAll("[,.](?=\\p{N}{3}(?:\\D|$))", ""));
        }
        return numbers;
    }

    /** Lower-cased words that look like names: capitals inside a sentence, or letters and digits mixed. */
    static Set<String> names(String sentence) {
        Set<String> names = new LinkedHashSet<>();
        boolean first = true;
        for (String word : all(sentence)) {
            boolean capital = Character.isUpperCase(word.charAt(0));
            boolean inner = word.chars().skip(1).anyMatch(Character::isUpperCase);
            boolean mixed =
                    word.chars().anyMatch(Character::isDigit) && word.chars().anyMatch(Character::isLetter);
            String lower = word.toLowerCase(Locale.ROOT);
            if (((capital && !first) || inner || mixed) && !STOP.contains(lower) && !isNegation(lower)) {
                names.add(lower);
            }
            first = false;
        }
        return names;
    }

    static boolean negates(String text) {
        return all(text).stream().anyMatch(word -> isNegation(word.toLowerCase(Locale.ROOT)));
    }

    /** Stems within reach of a negation; a negated statement about statements reaches to the end. */
    static Set<String> negated(String text) {
        Set<String> negated = new HashSet<>();
        int reach = 0;
        for (String word : all(text)) {
            String lower = word.toLowerCase(Locale.ROOT);
            if (isNegation(lower)) {
                reach = NEGATED_WORDS;
            } else if (reach > 0) {
                reach = CLAUSE.contains(lower) ? Integer.MAX_VALUE : reach - 1;
                if (!STOP.contains(lower)) {
                    negated.add(stem(lower));
                }
            }
        }
        return negated;
    }

    /** Share of {@code wanted} that is in {@code present}, 0 to 1; 1 when nothing is wanted. */
    static float coverage(Set<String> wanted, Set<String> present) {
        if (wanted.isEmpty()) {
            return 1;
        }
        return (float) wanted.stream().filter(present::contains).count() / wanted.size();
    }

    private static boolean isNegation(String lower) {
        return NEGATIONS.contains(lower) || lower.endsWith("n't") || lower.endsWith("n’t");
    }

    private static boolean isNumber(String word) {
        return Character.isDigit(word.charAt(0));
    }

    private static String stem(String lower) {
        boolean cut = lower.length() > STEM && lower.chars().allMatch(Character::isLetter);
        if (cut) {
            return lower.substring(0, STEM);
        }
        // Past of short words: "caused" and "cause".
        if (lower.length() > 4 && lower.endsWith("ed") && lower.chars().allMatch(Character::isLetter)) {
            return lower.substring(0, lower.length() - 1);
        }
        // Plurals of short words: "drugs" and "drug".
        return lower.length() > 3 && lower.endsWith("s") && !lower.endsWith("ss")
                ? lower.substring(0, lower.length() - 1)
                : lower;
    }
}
