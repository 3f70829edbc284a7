package io.palimpsest.retrain.snapshot;

import io.palimpsest.contracts.id.ContentHash;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code snapshot.json}. Has no time in it: the same judgements and plan give the same bytes (law 11).
 *
 * @param hash SHA-256 over a line {@code name hash\n} for each file in the order of names, and {@code seed N\n}
 * @param slices by name: {@code train}, {@code validation}, {@code test-unseen} (documents that were not trained on),
 *     {@code test-later}, {@code test-general} (frozen), {@code test-tag-*}; empty ones have no file and are not here
 * @param refused labels that were left out, by why
 * @param removed lines that would have leaked from one slice into another, by why
 */
public record SnapshotManifest(
        ContentHash hash,
        SnapshotPlan plan,
        SortedMap<String, Slice> slices,
        SortedMap<String, Integer> refused,
        SortedMap<String, Integer> removed) {
    public static final String FILE = "snapshot.json";
    public static final String LINEAGE = "lineage.jsonl";
    public static final String TRAIN = "train";
    public static final String VALIDATION = "validation";
    public static final String UNSEEN = "test-unseen";
    public static final String LATER = "test-later";
    public static final String GENERAL = "test-general";
    public static final String TAG = "test-tag-";

    public SnapshotManifest {
        slices = new TreeMap<>(slices);
        refused = new TreeMap<>(refused);
        removed = new TreeMap<>(removed);
    }

    /** One file. */
    public record Slice(String file, ContentHash sha256, int queries, int lines) {}
}
