package io.palimpsest.index.answer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts pieces of a reply together to sentences with their citations {@code [n]}, each given once the next one begins. */
final class StatementReader {
    private static final Pattern CITATION = Pattern.compile("\\s*[\\[【](\\d{1,3}(?:\\s*[,;]\\s*\\d{1,3})*)[\\]】]");
    private static final Pattern STOP_BEFORE_CITATIONS =
            Pattern.compile("([.!?])((?:\\s*[\\[【]\\d{1,3}(?:\\s*[,;]\\s*\\d{1,3})*[\\]】])+)");
    private static final Pattern DECORATION = Pattern.compile("^\\s*(?:[-*•#>]+|\\d{1,2}\\.)\\s+|\\*\\*|__");
    private static final Pattern ONLY_CITATIONS = Pattern.compile("(?:\\s*[\\[【][\\d\\s,;]+[\\]】])+[.!?]?\\s*");

    private final Consumer<Statement> statements;
    private final StringBuilder pending = new StringBuilder();

    StatementReader(Consumer<Statement> statements) {
        this.statements = statements;
    }

    void append(String piece) {
        pending.append(piece);
        List<String> sentences = sentences(pending.toString());
        // The last may still grow, and the one before it still get a citation that follows its full stop.
        int complete = sentences.size() - 1;
        if (complete > 0 && !sentences.getLast().strip().startsWith("[")) {
            sentences.subList(0, complete).forEach(this::give);
            String rest = sentences.getLast();
            pending.setLength(0);
            pending.append(rest);
        }
    }

    void end() {
        sentences(pending.toString()).forEach(this::give);
        pending.setLength(0);
    }

    /** Sentences with their citations: those after a full stop belong to the sentence before it. */
    private static List<String> sentences(String text) {
        List<String> sentences = new ArrayList<>();
        for (String line :
                STOP_BEFORE_CITATIONS.matcher(text).replaceAll("$2$1").split("(?<=\\n)", -1)) {
            List<Span> spans = Sentences.split(line);
            int from = 0;
            for (int i = 0; i < spans.size(); i++) {
                int to = i + 1 < spans.size() ? spans.get(i + 1).start() : line.length();
                String sentence = line.substring(from, to);
                from = to;
                if (ONLY_CITATIONS.matcher(sentence).matches() && !sentences.isEmpty()) {
                    sentences.set(sentences.size() - 1, sentences.getLast() + sentence);
                } else if (!sentence.isBlank() && !sentence.strip().matches("\\p{Punct}+")) {
                    sentences.add(sentence);
                }
            }
        }
        return sentences;
    }

    private void give(String sentence) {
        Set<Integer> cited = new LinkedHashSet<>();
        Matcher citations = CITATION.matcher(sentence);
        while (citations.find()) {
            for (String number : citations.group(1).split("[,;]")) {
                cited.add(Integer.parseInt(number.strip()));
            }
        }
        String text = CITATION.matcher(sentence).replaceAll("");
        text = DECORATION.matcher(text).replaceAll("").strip();
        if (!text.isEmpty()) {
            statements.accept(new Statement(text, List.copyOf(cited)));
        }
    }
}
