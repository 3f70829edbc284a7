package io.palimpsest.bench;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Adds up, over a history, what each change made a cutter embed, and how much of it no cutter could have avoided. */
final class WasteTally {
    private final Set<String> everSeen = new HashSet<>();
    private int events;
    private long passages;
    private long characters;
    private long embedded;
    private long embeddedNeverSeen;
    private long withChangedParagraph;
    private long withChangedOrder;
    private double shares;

    void first(CutVersion version) {
        version.passages().forEach(passage -> everSeen.add(passage.embedded()));
    }

    void change(CutVersion before, CutVersion after) {
        events++;
        passages += after.passageCount();
        characters += after.characters();
        int fresh = 0;
        for (CutVersion.Held passage : after.passages()) {
            if (!before.embedded().contains(passage.embedded())) {
                fresh++;
                boolean changed = !before.paragraphs().containsAll(passage.paragraphs());
                withChangedParagraph += changed ? 1 : 0;
                withChangedOrder += !changed && orderChanged(before, passage.paragraphs()) ? 1 : 0;
            }
            embeddedNeverSeen += everSeen.add(passage.embedded()) ? 1 : 0;
        }
        embedded += fresh;
        shares += after.passageCount() == 0 ? 0 : (double) fresh / after.passageCount();
    }

    private static boolean orderChanged(CutVersion before, List<String> paragraphs) {
        for (int i = 1; i < paragraphs.size(); i++) {
            if (!before.neighbours().contains(new CutVersion.Neighbours(paragraphs.get(i - 1), paragraphs.get(i)))) {
                return true;
            }
        }
        return false;
    }

    Result result(String history, String cutter) {
        return new Result(
                history,
                cutter,
                events,
                passages,
                (double) characters / passages,
                embedded,
                embeddedNeverSeen,
                withChangedParagraph,
                (double) embedded / withChangedParagraph,
                (double) embedded / (withChangedParagraph + withChangedOrder),
                100.0 * embedded / passages,
                100 * shares / events);
    }

    /**
     * @param passages of all new versions together
     * @param embedded passages whose text the previous version of the document did not have
     * @param embeddedNeverSeen those that no earlier version of any document had: what an embedding cache leaves
     * @param withChangedParagraph embedded passages that hold a paragraph or heading line the previous version lacks
     * @param waste embedded / withChangedParagraph
     * @param wasteBesideDeletions the same, passages in which a paragraph was deleted or moved also unavoidable
     * @param newShare embedded / passages, percent
     * @param newShareByEvent mean over events of each one's share, percent
     */
    record Result(
            String history,
            String cutter,
            int events,
            long passages,
            double meanCharacters,
            long embedded,
            long embeddedNeverSeen,
            long withChangedParagraph,
            double waste,
            double wasteBesideDeletions,
            double newShare,
            double newShareByEvent) {}
}
