package io.palimpsest.bench;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One version of a document, cut, with the paragraphs that each passage holds.
 *
 * @param passages distinct by embedded text, in order
 * @param paragraphs texts of all paragraphs
 * @param neighbours each paragraph with the next one
 * @param passageCount repeated ones included
 * @param characters of all passages, context not counted
 * @param text of the document
 */
record CutVersion(
        List<Held> passages,
        Set<String> embedded,
        Set<String> paragraphs,
        Set<Neighbours> neighbours,
        int passageCount,
        long characters,
        String text) {
    /** Blocks longer than this are compared by line: a cutter may cut them, and a line is what changes in them. */
    private static final int LONG_BLOCK = 2000;

    /** @param paragraphs those in its range, and the headings embedded with it */
    record Held(String embedded, String text, List<String> paragraphs) {}

    record Neighbours(String paragraph, String next) {}

    private record Unit(int start, int end, String text, boolean heading) {}

    static CutVersion of(ExtractedDocument document, List<Cut> cuts) {
        List<Unit> units = units(document);
        Set<String> embedded = new HashSet<>();
        List<Held> passages = new ArrayList<>();
        long characters = 0;
        int next = 0;
        for (Cut cut : cuts) {
            characters += cut.end() - cut.start();
            // A heading that no passage holds as text belongs to the first passage after it, if embedded with that.
            while (next < units.size()
                    && units.get(next).end() <= cut.start()
                    && !units.get(next).heading()) {
                next++;
            }
            List<String> held = new ArrayList<>();
            int reached = next;
            for (int i = next; i < units.size() && units.get(i).start() < cut.end(); i++) {
                Unit unit = units.get(i);
                if (unit.end() > cut.start() || cut.embedded().contains(oneLine(unit.text()))) {
                    held.add(unit.text());
                }
                reached = units.get(i).end() <= cut.end() ? i + 1 : reached;
            }
            next = reached;
            if (embedded.add(cut.embedded())) {
                passages.add(new Held(cut.embedded(), document.text().substring(cut.start(), cut.end()), held));
            }
        }
        Set<String> paragraphs = new HashSet<>();
        Set<Neighbours> neighbours = new HashSet<>();
        for (int i = 0; i < units.size(); i++) {
            paragraphs.add(units.get(i).text());
            if (i > 0) {
                neighbours.add(
                        new Neighbours(units.get(i - 1).text(), units.get(i).text()));
            }
        }
        return new CutVersion(passages, embedded, paragraphs, neighbours, cuts.size(), characters, document.text());
    }

    private static String oneLine(String heading) {
        return heading.replaceAll("\\s+", " ");
    }

    private static List<Unit> units(ExtractedDocument document) {
        List<Unit> units = new ArrayList<>();
        for (Block block : document.blocks()) {
            int start = block.start();
            boolean byLine = block.end() - block.start() > LONG_BLOCK;
            while (start < block.end()) {
                int lineEnd = byLine ? document.text().indexOf('\n', start) : -1;
                int end = lineEnd < 0 || lineEnd >= block.end() ? block.end() : lineEnd + 1;
                String text = document.text().substring(start, end).strip();
                if (!text.isEmpty()) {
                    units.add(new Unit(start, end, text, block.kind() == BlockKind.HEADING));
                }
                start = end;
            }
        }
        return units;
    }
}
