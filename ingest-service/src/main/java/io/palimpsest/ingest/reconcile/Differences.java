package io.palimpsest.ingest.reconcile;

import io.palimpsest.contracts.id.DocumentId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * On what a source and we disagree.
 *
 * @param all creates and changes before deletes, so that a document that moved is never absent
 */
record Differences(List<Difference> all) {
    private static final int EXAMPLES = 10;

    /**
     * @param known what we have of the source, by id
     * @param keptByOthers of ids that we do not have of it, those that another source keeps
     */
    static Differences between(
            Listed listed, Map<String, String> known, Function<List<String>, Set<String>> keptByOthers) {
        List<String> missing = listed.prints().keySet().stream()
                .filter(id -> !known.containsKey(id))
                .toList();
        Set<String> others = missing.isEmpty() ? Set.of() : keptByOthers.apply(missing);
        List<Difference> all = new ArrayList<>();
        missing.stream().filter(id -> !others.contains(id)).forEach(id -> add(all, id, Difference.Kind.MISSING));
        listed.prints().forEach((id, print) -> {
            String ours = known.get(id);
            if (ours != null && !ours.equals(print)) {
                add(all, id, Difference.Kind.CHANGED);
            }
        });
        known.keySet().stream()
                .filter(id -> !listed.prints().containsKey(id))
                .filter(id -> !listed.unsure().test(id))
                .forEach(id -> add(all, id, Difference.Kind.GONE));
        all.sort(Comparator.comparing(Difference::kind)
                .thenComparing(difference -> difference.document().value()));
        return new Differences(List.copyOf(all));
    }

    private static void add(List<Difference> all, String id, Difference.Kind kind) {
        all.add(new Difference(new DocumentId(id), kind));
    }

    long count(Difference.Kind kind) {
        return all.stream().filter(difference -> difference.kind() == kind).count();
    }

    Map<Difference.Kind, List<String>> examples() {
        Map<Difference.Kind, List<String>> examples = new EnumMap<>(Difference.Kind.class);
        for (Difference.Kind kind : Difference.Kind.values()) {
            List<String> some = all.stream()
                    .filter(difference -> difference.kind() == kind)
                    .limit(EXAMPLES)
                    .map(difference -> difference.document().value())
                    .toList();
            if (!some.isEmpty()) {
                examples.put(kind, some);
            }
        }
        return examples;
    }
}
