package io.palimpsest.index.rewrite;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.search.Note;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a query in the words of the index. The words asked for are always searched too.
 *
 * <p>Threading: safe. Failure: a generator that fails leaves the query as it was.
 */
public final class QueryRewriter {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}&-]*");

    private final Spelling spelling;
    private final Acronyms acronyms;
    private final Optional<UnaryOperator<String>> generator;

    /** @param generator puts a question in words to search for; empty: none is configured */
    public QueryRewriter(PassageIndex index, Acronyms acronyms, Optional<UnaryOperator<String>> generator) {
        this.spelling = new Spelling(index);
        this.acronyms = acronyms;
        this.generator = generator;
    }

    public Rewrite rewrite(RewriteScope scope, String query) {
        List<Note> notes = new ArrayList<>();
        StringBuilder vector = new StringBuilder();
        StringBuilder keywords = new StringBuilder(query);
        int copied = 0;
        Matcher words = WORD.matcher(query);
        while (words.find()) {
            String word = words.group();
            Optional<String> longForm = AcronymPatterns.isAcronym(word)
                    ? acronyms.longForm(scope.generation().collection(), word, scope.visible())
                    : Optional.empty();
            if (longForm.isPresent()) {
                vector.append(query, copied, words.end())
                        .append(" (")
                        .append(longForm.get())
                        .append(')');
                copied = words.end();
                keywords.append(' ').append(longForm.get());
                notes.add(new Note(Note.Kind.ACRONYM, word + " → " + longForm.get()));
            } else if (word.chars().allMatch(Character::isLetter)) {
                Optional<String> correct = spelling.correction(scope, word.toLowerCase(Locale.ROOT));
                if (correct.isPresent()) {
                    vector.append(query, copied, words.start()).append(correct.get());
                    copied = words.end();
                    keywords.append(' ').append(correct.get());
                    notes.add(new Note(Note.Kind.SPELLING, word + " → " + correct.get()));
                }
            }
        }
        vector.append(query, copied, query.length());
        generated(query, notes).ifPresent(text -> keywords.append(' ').append(text));
        return new Rewrite(vector.toString(), keywords.toString(), notes);
    }

    private Optional<String> generated(String query, List<Note> notes) {
        if (generator.isEmpty()) {
            return Optional.empty();
        }
        try {
            String text = generator.get().apply(query).strip();
            if (text.isEmpty() || text.equals(query)) {
                return Optional.empty();
            }
            notes.add(new Note(Note.Kind.REWRITTEN, text));
            return Optional.of(text);
        } catch (PalimpsestException e) {
            return Optional.empty();
        }
    }
}
