package io.palimpsest.index.answer;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Cuts text into sentences by the rules of Unicode (UAX #29), with the usual abbreviations put back together. */
final class Sentences {
    private static final Pattern ABBREVIATION = Pattern.compile(
            "(?:^|[\\s(])(?:\\p{L}|e\\.g|i\\.e|et al|cf|vs|approx|Dr|Mr|Mrs|Ms|Prof|St|Fig|Figs|No|Nr|Eq|Sec)\\.\\s*$");

    private Sentences() {}

    /** Sentences of {@code text[start:end)}, ascending, without the white space around them. */
    static List<Span> split(String text, int start, int end) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(text.substring(start, end));
        List<Span> sentences = new ArrayList<>();
        int from = 0;
        for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
            if (to < end - start
                    && ABBREVIATION
                            .matcher(text.substring(start + Math.max(from, to - 12), start + to))
                            .find()) {
                continue;
            }
            add(sentences, text, start + from, start + to);
            from = to;
        }
        if (from < end - start) {
            add(sentences, text, start + from, end);
        }
        return sentences;
    }

    static List<Span> split(String text) {
        return split(text, 0, text.length());
    }

    /**
     * Sentences of a passage that can be quoted: none crosses a block, headings and code are left out, a table row is one
     * sentence. A document without blocks is one block.
     */
    static List<Span> quotable(ExtractedDocument document, int start, int end) {
        if (document.blocks().isEmpty()) {
            return split(document.text(), start, end);
        }
        List<Span> sentences = new ArrayList<>();
        for (Block block : document.blocks()) {
            int from = Math.max(start, block.start());
            int to = Math.min(end, block.end());
            if (from >= to) {
                continue;
            }
            switch (block.kind()) {
                case HEADING, CODE, TABLE_HEADER -> {}
                case TABLE_ROW -> add(sentences, document.text(), from, to);
                case PARAGRAPH, LIST_ITEM -> sentences.addAll(split(document.text(), from, to));
            }
        }
        return sentences;
    }

    /** Every sentence of a passage, code and headings too: what may support a statement. */
    static List<Span> supporting(ExtractedDocument document, int start, int end) {
        List<Span> sentences = new ArrayList<>();
        int covered = start;
        for (Block block : document.blocks()) {
            int from = Math.max(covered, block.start());
            int to = Math.min(end, block.end());
            if (from < to) {
                if (block.kind() == BlockKind.CODE || block.kind() == BlockKind.TABLE_ROW) {
                    add(sentences, document.text(), from, to);
                } else {
                    sentences.addAll(split(document.text(), from, to));
                }
                covered = to;
            }
        }
        return sentences.isEmpty() ? split(document.text(), start, end) : sentences;
    }

    private static void add(List<Span> sentences, String text, int start, int end) {
        while (start < end && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        while (start < end && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        if (start < end) {
            sentences.add(new Span(start, end));
        }
    }
}
