package io.palimpsest.index.answer;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.index.search.RankedPassage;
import io.palimpsest.index.search.ResolvedPassage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence of a passage that an answer may quote.
 *
 * @param span in the extracted text
 * @param context title, headings and table header: what the sentence leaves unsaid; empty where there are none
 */
record Quotable(Span span, String text, String context) {
    private static final Pattern BULLET = Pattern.compile("(?:[-*+•]|\\d{1,3}[.)])\\s+");
    private static final int MIN_WORDS = 3;
    /** A line without a full stop that is no longer than this names something, and says nothing of it. */
    private static final int MAX_LABEL_WORDS = 4;

    /** In order; without titles, labels and questions. */
    static List<Quotable> of(RankedPassage hit) {
        ResolvedPassage resolved = hit.resolved();
        ExtractedDocument document = resolved.document();
        Set<String> titles = titles(resolved);
        String context = context(resolved, titles);
        List<Quotable> quotable = new ArrayList<>();
        for (Span span : Sentences.quotable(
                document, resolved.passage().start(), resolved.passage().end())) {
            Span said = withoutBullet(span, document.text());
            String text = said.of(document.text());
            if (says(text) && (ends(text) || isRow(document, said) || !isLabel(text, titles))) {
                quotable.add(new Quotable(said, text, context));
            }
        }
        return quotable;
    }

    /** What the question is compared with: the sentence below its context. */
    String inContext() {
        return context.isEmpty() ? text : context + "\n" + text;
    }

    private static Span withoutBullet(Span span, String text) {
        Matcher bullet = BULLET.matcher(text).region(span.start(), span.end());
        return bullet.lookingAt() && bullet.end() < span.end() ? new Span(bullet.end(), span.end()) : span;
    }

    private static boolean says(String text) {
        return Words.all(text).size() >= MIN_WORDS && !text.endsWith("?");
    }

    private static boolean ends(String text) {
        return !Character.isLetterOrDigit(text.charAt(text.length() - 1));
    }

    private static boolean isLabel(String text, Set<String> titles) {
        return Words.all(text).size() <= MAX_LABEL_WORDS || titles.contains(text);
    }

    private static boolean isRow(ExtractedDocument document, Span span) {
        for (Block block : document.blocks()) {
            if (block.start() <= span.start() && span.start() < block.end()) {
                return block.kind() == BlockKind.TABLE_ROW;
            }
        }
        return false;
    }

    private static Set<String> titles(ResolvedPassage resolved) {
        Set<String> titles = new LinkedHashSet<>();
        String title = resolved.revision().title();
        if (title != null) {
            titles.add(title);
        }
        String own = resolved.document().title();
        if (own != null) {
            titles.add(own);
        }
        titles.addAll(resolved.passage().headingPath());
        return titles;
    }

    private static String context(ResolvedPassage resolved, Set<String> titles) {
        String header = resolved.passage().tableHeader();
        return String.join(" > ", titles) + (header == null ? "" : "\n" + header);
    }
}
