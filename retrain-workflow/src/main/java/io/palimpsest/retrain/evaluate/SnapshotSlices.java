package io.palimpsest.retrain.evaluate;

import io.palimpsest.retrain.snapshot.Snapshot;
import io.palimpsest.retrain.snapshot.SnapshotEntry;
import io.palimpsest.retrain.snapshot.SnapshotManifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The test slices of a snapshot as an evaluation asks them: a document's gain is the best grade of its passages. */
public final class SnapshotSlices {
    private SnapshotSlices() {}

    /** Those that there are, in the order of their names; queries in the order of their ids. */
    public static List<EvaluationSlice> of(Snapshot snapshot) {
        List<EvaluationSlice> slices = new ArrayList<>();
        for (String name : snapshot.manifest().slices().keySet()) {
            if (name.startsWith("test-")) {
                slices.add(new EvaluationSlice(name, kind(name), judged(snapshot.entries(name))));
            }
        }
        return slices;
    }

    private static EvaluationSlice.Kind kind(String name) {
        return switch (name) {
            case SnapshotManifest.UNSEEN -> EvaluationSlice.Kind.DOCUMENT_DISJOINT;
            case SnapshotManifest.LATER -> EvaluationSlice.Kind.TIME_LATER;
            case SnapshotManifest.GENERAL -> EvaluationSlice.Kind.GENERAL;
            default -> EvaluationSlice.Kind.TAG;
        };
    }

    /** Queries without a relevant document are left out: every ranking of them is as good. */
    private static List<EvaluationSlice.Judged> judged(List<SnapshotEntry> lines) {
        SortedMap<String, Map<String, Integer>> gains = new TreeMap<>();
        Map<String, String> texts = new HashMap<>();
        for (SnapshotEntry line : lines) {
            texts.put(line.queryId(), line.query());
            gains.computeIfAbsent(line.queryId(), id -> new HashMap<>())
                    .merge(line.documentId().value(), line.grade(), Math::max);
        }
        List<EvaluationSlice.Judged> judged = new ArrayList<>();
        gains.forEach((id, of) -> {
            if (of.values().stream().anyMatch(gain -> gain > 0)) {
                judged.add(new EvaluationSlice.Judged(id, texts.getOrDefault(id, ""), of));
            }
        });
        return judged;
    }
}
