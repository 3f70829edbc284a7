package io.palimpsest.bench;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.ExtractedDocument;
import java.util.ArrayList;
import java.util.List;

/** What is usually done instead: the yardsticks of {@link PassageWasteBench}. */
final class RivalCutters {
    private RivalCutters() {}

    /** Whole blocks, headings among them, collected until the next would exceed {@code chars}. */
    static List<Cut> packedParagraphs(ExtractedDocument document, int chars) {
        List<Cut> cuts = new ArrayList<>();
        int start = -1;
        int end = -1;
        for (Block block : document.blocks()) {
            if (start >= 0 && block.end() - start > chars) {
                cuts.add(cut(document, start, end));
                start = -1;
            }
            start = start < 0 ? block.start() : start;
            end = block.end();
        }
        if (start >= 0) {
            cuts.add(cut(document, start, end));
        }
        return cuts;
    }

    static List<Cut> fixedWindows(ExtractedDocument document, int chars) {
        List<Cut> cuts = new ArrayList<>();
        for (int start = 0; start < document.text().length(); start += chars) {
            cuts.add(cut(document, start, Math.min(document.text().length(), start + chars)));
        }
        return cuts;
    }

    private static Cut cut(ExtractedDocument document, int start, int end) {
        return new Cut(start, end, document.text().substring(start, end));
    }
}
