package io.palimpsest.retrain.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.model.ModelManifest;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a snapshot is hashed from: a file {@code <slice>.jsonl} for each slice, and {@code lineage.jsonl}; a line is a JSON object and a line feed. */
final class SnapshotContents {
    static final String ENDING = ".jsonl";

    private SnapshotContents() {}

    static SnapshotManifest manifest(
            SnapshotSplit.Split split,
            List<Snapshot.Origin> origins,
            SnapshotPlan plan,
            SortedMap<String, Integer> refused) {
        SortedMap<String, ContentHash> hashes = new TreeMap<>();
        SortedMap<String, SnapshotManifest.Slice> slices = new TreeMap<>();
        split.slices().forEach((name, lines) -> {
            ContentHash hash = ContentHash.of(bytes(lines));
            hashes.put(name + ENDING, hash);
            int queries =
                    (int) lines.stream().map(SnapshotLine::queryId).distinct().count();
            slices.put(name, new SnapshotManifest.Slice(name + ENDING, hash, queries, lines.size()));
        });
        hashes.put(SnapshotManifest.LINEAGE, ContentHash.of(bytes(origins)));
        ContentHash whole = ContentHash.ofText(ModelManifest.digest(hashes) + "\nseed " + plan.seed() + "\n");
        return new SnapshotManifest(whole, plan, slices, refused, split.removed());
    }

    static byte[] bytes(List<?> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(Json.writeText(line)).append('\n'));
        return text.toString().getBytes(UTF_8);
    }
}
