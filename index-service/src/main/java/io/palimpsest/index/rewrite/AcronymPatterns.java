package io.palimpsest.index.rewrite;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds "Long Form (LF)" and "LF (Long Form)". The long form is found from its end as in Schwartz and Hearst (2003):
 * each character of the acronym must occur in order, the first at the start of a word.
 */
final class AcronymPatterns {
    private static final Pattern SHORT_IN_BRACKETS = Pattern.compile("\\(([\\p{L}\\p{N}][\\p{L}\\p{N}&-]{1,9})\\)");
    private static final Pattern LONG_IN_BRACKETS =
            Pattern.compile("(?<![\\p{L}\\p{N}])(\\p{Lu}[\\p{L}\\p{N}&-]{1,9}) \\(([^()\\n]{4,100})\\)");
    /** Schwartz and Hearst §3.1: at most min(|A| + 5, |A| * 2) words. */
    private static final int EXTRA_WORDS = 5;

    private AcronymPatterns() {}

    /** Acronym to its first long form in the text. */
    static Map<String, String> definitions(String text) {
        Map<String, String> found = new LinkedHashMap<>();
        Matcher shorts = SHORT_IN_BRACKETS.matcher(text);
        while (shorts.find()) {
            String acronym = shorts.group(1);
            if (isAcronym(acronym)) {
                longForm(acronym, before(text, shorts.start(), acronym.length()))
                        .ifPresent(longForm -> found.putIfAbsent(acronym, longForm));
            }
        }
        Matcher longs = LONG_IN_BRACKETS.matcher(text);
        while (longs.find()) {
            String acronym = longs.group(1);
            String candidate = longs.group(2).strip();
            if (isAcronym(acronym)) {
                longForm(acronym, candidate)
                        .filter(candidate::equals)
                        .ifPresent(longForm -> found.putIfAbsent(acronym, longForm));
            }
        }
        return found;
    }

    /** At least two capitals, and no more small letters than capitals: "DNA", "mRNA", "LoRA", not "See". */
    static boolean isAcronym(String word) {
        long capitals = word.chars().filter(Character::isUpperCase).count();
        long small = word.chars().filter(Character::isLowerCase).count();
        return capitals >= 2 && small <= capitals;
    }

    /** The words before the bracket, in the same line, as many as a long form may have. */
    private static String before(String text, int end, int acronymLength) {
        int words = Math.min(acronymLength + EXTRA_WORDS, acronymLength * 2);
        int start = end;
        boolean inWord = false;
        while (start > 0 && text.charAt(start - 1) != '\n') {
            boolean space = Character.isWhitespace(text.charAt(start - 1));
            if (space && inWord && --words == 0) {
                break;
            }
            inWord = !space;
            start--;
        }
        return text.substring(start, end).strip();
    }

    private static Optional<String> longForm(String acronym, String candidate) {
        int at = candidate.length() - 1;
        for (int i = acronym.length() - 1; i >= 0; i--) {
            char wanted = Character.toLowerCase(acronym.charAt(i));
            if (!Character.isLetterOrDigit(wanted)) {
                continue;
            }
            while (at >= 0
                    && (Character.toLowerCase(candidate.charAt(at)) != wanted
                            || (i == 0 && at > 0 && Character.isLetterOrDigit(candidate.charAt(at - 1))))) {
                at--;
            }
            if (at < 0) {
                return Optional.empty();
            }
            at--;
        }
        String found = candidate.substring(at + 1);
        boolean longer = found.length() > acronym.length() + 2 && found.indexOf(' ') > 0;
        return longer ? Optional.of(found) : Optional.empty();
    }
}
