package io.palimpsest.retrain.snapshot;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.retrain.judgement.DocumentStandings;
import io.palimpsest.retrain.judgement.GradedPassage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What becomes a snapshot: labels that may be used, split, with what was left out and why.
 *
 * @param here ids of documents that have content here: their passages are kept with them
 */
record SnapshotDraft(
        SnapshotManifest manifest, SnapshotSplit.Split split, List<Snapshot.Origin> origins, Set<String> here) {
    static final String SENSITIVE = "sensitive";
    static final String ERASED = "erased";
    static final String NOT_LIVE = "not-live";
    static final String TEXT_GONE = "text-gone";

    /** @throws PalimpsestException {@link ErrorCode#SNAPSHOT_TOO_SMALL} */
    static SnapshotDraft of(
            List<GradedPassage> labels, SnapshotPlan plan, Snapshots.Parts parts, SealedSnapshots sealed) {
        SortedMap<String, Integer> refused = new TreeMap<>();
        Set<String> here = new HashSet<>();
        List<SnapshotSplit.Labelled> usable = new Usable(parts, sealed, refused, here).of(labels);
        SnapshotSplit.Split split = SnapshotSplit.of(usable, plan);
        check(split, plan, refused);
        List<Snapshot.Origin> origins = origins(usable, split);
        return new SnapshotDraft(SnapshotContents.manifest(split, origins, plan, refused), split, origins, here);
    }

    /**
     * Which labels may be used.
     *
     * @param refused gets how many may not, by why
     * @param here gets the ids of documents that have content here
     */
    private record Usable(
            Snapshots.Parts parts, SealedSnapshots sealed, SortedMap<String, Integer> refused, Set<String> here) {
        /** Passages of documents are kept at once, each under its document's key: who erases a document in this moment erases them. */
        List<SnapshotSplit.Labelled> of(List<GradedPassage> labels) {
            List<SnapshotSplit.Labelled> usable = new ArrayList<>();
            Set<DocumentKey> suppressed = parts.suppressions()
                    .among(labels.stream().map(GradedPassage::document).collect(Collectors.toSet()));
            for (GradedPassage label : labels) {
                Optional<String> why = suppressed.contains(label.document()) ? Optional.of(ERASED) : refusal(label);
                if (why.isPresent()) {
                    refused.merge(why.get(), 1, Integer::sum);
                    continue;
                }
                String imported = label.importedText();
                Optional<String> text =
                        imported != null ? Optional.of(imported) : parts.texts().text(label.place());
                if (text.filter(found -> !found.isBlank()).isEmpty()) {
                    refused.merge(TEXT_GONE, 1, Integer::sum);
                } else if (sealed.keep(label.document(), text.get())) {
                    here.add(label.document().document().value());
                    usable.add(new SnapshotSplit.Labelled(label, text.get()));
                } else if (imported != null) {
                    usable.add(new SnapshotSplit.Labelled(label, text.get()));
                } else {
                    refused.merge(ERASED, 1, Integer::sum);
                }
            }
            return usable;
        }

        /** An imported passage has no document here, as a rule; where it has, what holds for that holds. */
        private Optional<String> refusal(GradedPassage label) {
            Optional<DocumentStandings.Standing> standing = parts.documents().of(label.document());
            if (standing.filter(DocumentStandings.Standing::sensitive).isPresent()) {
                return Optional.of(SENSITIVE);
            }
            boolean imported = label.importedText() != null;
            if ((!imported || standing.isPresent()) && parts.store().isErased(label.document())) {
                return Optional.of(ERASED);
            }
            boolean live = standing.map(DocumentStandings.Standing::live).orElse(imported);
            return live ? Optional.empty() : Optional.of(NOT_LIVE);
        }
    }

    private static void check(SnapshotSplit.Split split, SnapshotPlan plan, SortedMap<String, Integer> refused) {
        Map<String, Integer> queries = split.slices().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, slice -> (int) slice.getValue().stream()
                        .map(SnapshotLine::queryId)
                        .distinct()
                        .count()));
        int all = queries.entrySet().stream()
                .filter(slice -> !slice.getKey().startsWith(SnapshotManifest.TAG)
                        && !slice.getKey().equals(SnapshotManifest.GENERAL))
                .mapToInt(Map.Entry::getValue)
                .sum();
        int each = Math.max(1, plan.minimumQueries() / 10);
        List<String> missing = new ArrayList<>();
        if (all < plan.minimumQueries()) {
            missing.add(all + " judged queries of " + plan.minimumQueries());
        }
        for (String name : List.of(SnapshotManifest.TRAIN, SnapshotManifest.VALIDATION, SnapshotManifest.UNSEEN)) {
            int count = queries.getOrDefault(name, 0);
            if (count < each) {
                missing.add(count + " queries in " + name + " of " + each);
            }
        }
        if (!missing.isEmpty()) {
            throw new PalimpsestException(
                    ErrorCode.SNAPSHOT_TOO_SMALL,
                    String.join(", ", missing) + "; left out: " + refused + ", across slices: " + split.removed());
        }
    }

    /** What the split kept, document by document; the newest revision that a label speaks of. */
    private static List<Snapshot.Origin> origins(List<SnapshotSplit.Labelled> labels, SnapshotSplit.Split split) {
        Set<String> kept = new HashSet<>();
        split.slices()
                .values()
                .forEach(lines ->
                        lines.forEach(line -> kept.add(line.documentId().value())));
        Set<String> trained = new HashSet<>();
        for (String name : List.of(SnapshotManifest.TRAIN, SnapshotManifest.VALIDATION)) {
            split.slices()
                    .getOrDefault(name, List.of())
                    .forEach(line -> trained.add(line.documentId().value()));
        }
        SortedMap<String, Snapshot.Origin> origins = new TreeMap<>();
        for (SnapshotSplit.Labelled each : labels) {
            GradedPassage label = each.label();
            String id = label.document().document().value();
            if (kept.contains(id)) {
                origins.merge(
                        id,
                        new Snapshot.Origin(
                                label.document().document(),
                                label.revision(),
                                trained.contains(id),
                                label.importedText() != null),
                        (one, other) -> new Snapshot.Origin(
                                one.documentId(),
                                Math.max(one.revision(), other.revision()),
                                one.trained(),
                                one.imported() && other.imported()));
            }
        }
        return List.copyOf(origins.values());
    }
}
