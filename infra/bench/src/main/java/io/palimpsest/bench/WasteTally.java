package io.palimpsest.bench;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    private final Map<Cause, Integer> causes = new EnumMap<>(Cause.class);

    /** Why a passage was embedded that holds no changed paragraph. */
    enum Cause {
        /** Its text is that of an earlier passage, its heading or table header is not. */
        CONTEXT,
        /** A paragraph in it, or between it and its heading, was deleted or moved. */
        DELETION_OR_MOVE,
        /** Its text is part of one earlier passage, or of several: only the boundaries moved. */
        BOUNDARY
    }

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
                boolean order = !changed && orderChanged(before, passage.paragraphs());
                withChangedOrder += order ? 1 : 0;
                if (!changed) {
                    causes.merge(cause(before, passage, order), 1, Integer::sum);
                }
            }
            embeddedNeverSeen += everSeen.add(passage.embedded()) ? 1 : 0;
        }
        embedded += fresh;
        shares += after.passageCount() == 0 ? 0 : (double) fresh / after.passageCount();
    }

    private static Cause cause(CutVersion before, CutVersion.Held passage, boolean orderChanged) {
        if (before.passages().stream().anyMatch(old -> old.text().equals(passage.text()))) {
            return Cause.CONTEXT;
        }
        return orderChanged || !before.text().contains(passage.text()) ? Cause.DELETION_OR_MOVE : Cause.BOUNDARY;
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
                100 * shares / events,
                new EnumMap<>(causes));
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
     * @param wasted embedded - withChangedParagraph, by cause
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
            double newShareByEvent,
            Map<Cause, Integer> wasted) {}
}
