package io.palimpsest.bench;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.contracts.id.PassagePolicyId;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;

/** What is usually done instead: the yardsticks of {@link PassageWasteBench} and {@link PassageRetrievalBench}. */
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

    /**
     * Packed paragraphs for retrieval: paragraphs over {@code chars} are packed by sentence.
     *
     * @param titled whether the document's first heading is embedded with each passage that does not hold it
     */
    static PassageManifest manifest(
            ExtractedDocument document, int chars, boolean titled, ToIntFunction<String> tokenCount) {
        List<Passage> passages = new ArrayList<>();
        Map<ContentHash, Integer> occurrences = new HashMap<>();
        List<int[]> pieces = pieces(document, chars);
        for (int i = 0; i < pieces.size(); i++) {
            int start = pieces.get(i)[0];
            while (i + 1 < pieces.size() && pieces.get(i + 1)[1] - start <= chars) {
                i++;
            }
            int end = pieces.get(i)[1];
            Block first = document.blocks().getFirst();
            boolean title = titled && first.kind() == BlockKind.HEADING && start >= first.end();
            List<String> path = title ? List.of(document.textOf(first).strip()) : List.of();
            String embedded = Passage.embeddedText(path, null, document.text().substring(start, end));
            ContentHash hash = ContentHash.ofText(embedded);
            int occurrence = occurrences.merge(hash, 1, Integer::sum) - 1;
            passages.add(new Passage(
                    PassageId.of(hash, occurrence),
                    start,
                    end,
                    path,
                    null,
                    null,
                    hash,
                    tokenCount.applyAsInt(embedded)));
        }
        return new PassageManifest(new PassagePolicyId("packed/" + chars), passages);
    }

    private static List<int[]> pieces(ExtractedDocument document, int chars) {
        List<int[]> pieces = new ArrayList<>();
        for (Block block : document.blocks()) {
            BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
            sentences.setText(document.textOf(block));
            int start = 0;
            int length = block.end() - block.start();
            while (start < length) {
                int end = length <= chars ? length : sentences.following(start);
                pieces.add(new int[] {block.start() + start, block.start() + end});
                start = end;
            }
        }
        return pieces;
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
