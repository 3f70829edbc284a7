package io.palimpsest.retrain.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.retrain.judgement.GradedPassage;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Divides labels so that what is tested with was not trained on: a document's hash decides its slice, a query goes with its
 * relevant documents, the last queries are a slice of their own. What would still leak is taken out of the training side.
 *
 * <p>A pure function of the labels as a set.
 */
final class SnapshotSplit {
    static final String CROSSING = "crossing";
    static final String GENERAL_QUERY = "general-query";
    static final String NEAR_QUERY = "near-duplicate-query";
    static final String NEAR_PASSAGE = "near-duplicate-passage";
    private static final List<String> HELD_OUT =
            List.of(SnapshotManifest.UNSEEN, SnapshotManifest.LATER, SnapshotManifest.GENERAL);

    private final SnapshotPlan plan;
    private final SortedMap<String, List<SnapshotLine>> slices = new TreeMap<>();
    private final SortedMap<String, Integer> removed = new TreeMap<>();

    /** A label with its text at hand. */
    record Labelled(GradedPassage label, String text) {
        SnapshotLine line() {
            return new SnapshotLine(
                    label.queryId(),
                    label.query(),
                    label.place().passage(),
                    label.document().document(),
                    text,
                    label.grade(),
                    label.tag());
        }
    }

    private SnapshotSplit(SnapshotPlan plan) {
        this.plan = plan;
    }

    /** What came out. */
    record Split(SortedMap<String, List<SnapshotLine>> slices, SortedMap<String, Integer> removed) {}

    static Split of(List<Labelled> labels, SnapshotPlan plan) {
        SnapshotSplit split = new SnapshotSplit(plan);
        split.divide(labels);
        split.unleak();
        split.tags();
        split.slices.values().removeIf(List::isEmpty);
        split.slices.values().forEach(lines -> lines.sort(SnapshotLine.ORDER));
        return new Split(split.slices, split.removed);
    }

    private void divide(List<Labelled> labels) {
        SortedMap<String, List<Labelled>> queries = new TreeMap<>();
        for (Labelled each : labels) {
            if (each.label().frozen()) {
                slice(SnapshotManifest.GENERAL).add(each.line());
            } else {
                queries.computeIfAbsent(each.label().queryId(), id -> new ArrayList<>())
                        .add(each);
            }
        }
        // A query of the general set is never trained on, whoever else graded it.
        for (String general : queriesOf(SnapshotManifest.GENERAL)) {
            List<Labelled> known = queries.remove(general);
            if (known != null) {
                removed.merge(GENERAL_QUERY, known.size(), Integer::sum);
            }
        }
        Set<String> later = later(queries);
        queries.forEach((id, of) -> {
            if (later.contains(id)) {
                of.forEach(each -> slice(SnapshotManifest.LATER).add(each.line()));
            } else {
                String name = sliceOf(of);
                for (Labelled each : of) {
                    if (sliceOf(each.label().document().document()).equals(name)) {
                        slice(name).add(each.line());
                    } else {
                        removed.merge(CROSSING, 1, Integer::sum);
                    }
                }
            }
        });
    }

    /** The last ones; none of those that were asked at the same time as an earlier one. */
    private Set<String> later(SortedMap<String, List<Labelled>> queries) {
        Map<String, Instant> asked = new HashMap<>();
        queries.forEach((id, of) -> asked.put(
                id,
                of.stream()
                        .map(each -> each.label().askedAt())
                        .min(Comparator.naturalOrder())
                        .orElseThrow()));
        List<Instant> times = asked.values().stream().sorted().toList();
        int count = (int) (times.size() * plan.laterShare());
        if (count == 0) {
            return Set.of();
        }
        Instant last = times.get(times.size() - count - 1);
        Set<String> later = new HashSet<>();
        asked.forEach((id, at) -> {
            if (at.isAfter(last)) {
                later.add(id);
            }
        });
        return later;
    }

    /** With its relevant documents where they agree; otherwise with those that may be trained on. */
    private String sliceOf(List<Labelled> query) {
        Set<String> names = new HashSet<>();
        for (Labelled each : query) {
            if (each.label().grade() > 0) {
                names.add(sliceOf(each.label().document().document()));
            }
        }
        if (names.size() == 1) {
            return names.iterator().next();
        }
        return names.isEmpty() || names.contains(SnapshotManifest.TRAIN)
                ? SnapshotManifest.TRAIN
                : SnapshotManifest.VALIDATION;
    }

    private String sliceOf(DocumentId document) {
        byte[] hash = ContentHash.sha256().digest((plan.seed() + "\n" + document.value()).getBytes(UTF_8));
        double place = (ByteBuffer.wrap(hash).getInt() & 0xffff_ffffL) / (double) (1L << 32);
        if (place < plan.unseenShare()) {
            return SnapshotManifest.UNSEEN;
        }
        return place < plan.unseenShare() + plan.validationShare()
                ? SnapshotManifest.VALIDATION
                : SnapshotManifest.TRAIN;
    }

    private void unleak() {
        Set<String> testQueries = new LinkedHashSet<>();
        Set<String> unseenTexts = new LinkedHashSet<>();
        for (String name : HELD_OUT) {
            slice(name).forEach(line -> testQueries.add(line.query()));
            if (!name.equals(SnapshotManifest.LATER)) { // its documents may be known, its queries not
                slice(name).forEach(line -> unseenTexts.add(line.text()));
            }
        }
        remove(SnapshotManifest.VALIDATION, testQueries, unseenTexts);
        slice(SnapshotManifest.VALIDATION).forEach(line -> {
            testQueries.add(line.query());
            unseenTexts.add(line.text());
        });
        remove(SnapshotManifest.TRAIN, testQueries, unseenTexts);
    }

    private void remove(String name, Set<String> queries, Set<String> texts) {
        NearDuplicates nearQueries = new NearDuplicates(queries);
        NearDuplicates nearTexts = new NearDuplicates(texts);
        Map<String, Boolean> known = new HashMap<>();
        slice(name).removeIf(line -> {
            if (known.computeIfAbsent("q" + line.query(), key -> nearQueries.contains(line.query()))) {
                removed.merge(NEAR_QUERY, 1, Integer::sum);
                return true;
            }
            if (known.computeIfAbsent("t" + line.text(), key -> nearTexts.contains(line.text()))) {
                removed.merge(NEAR_PASSAGE, 1, Integer::sum);
                return true;
            }
            return false;
        });
    }

    private void tags() {
        SortedMap<String, List<SnapshotLine>> tagged = new TreeMap<>();
        for (String name : List.of(SnapshotManifest.UNSEEN, SnapshotManifest.LATER)) {
            for (SnapshotLine line : slice(name)) {
                String tag = line.tag();
                if (tag != null) {
                    tagged.computeIfAbsent(SnapshotManifest.TAG + fileName(tag), key -> new ArrayList<>())
                            .add(line);
                }
            }
        }
        slices.putAll(tagged);
    }

    private static String fileName(String tag) {
        return tag.replaceAll("[^A-Za-z0-9_-]", "_");
    }

    private Set<String> queriesOf(String name) {
        Set<String> ids = new HashSet<>();
        slice(name).forEach(line -> ids.add(line.queryId()));
        return ids;
    }

    private List<SnapshotLine> slice(String name) {
        return slices.computeIfAbsent(name, key -> new ArrayList<>());
    }
}
