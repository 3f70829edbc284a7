package io.palimpsest.retrain.tune;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Queries with at least one relevant passage, and every passage once; both in the order of the file.
 *
 * @param passages texts
 * @param passageIds of the passages, in their order
 */
public record TrainingSet(List<Query> queries, List<String> passages, List<String> passageIds) {
    /**
     * One query.
     *
     * @param relevant indexes of passages, at least one
     * @param negatives indexes of passages that reviewers found not relevant; may be empty
     */
    public record Query(String id, String text, List<Integer> relevant, List<Integer> negatives) {
        public Query {
            relevant = List.copyOf(relevant);
            negatives = List.copyOf(negatives);
        }
    }

    public TrainingSet {
        queries = List.copyOf(queries);
        passages = List.copyOf(passages);
        passageIds = List.copyOf(passageIds);
    }

    static TrainingSet of(List<JudgedPair> pairs) {
        List<String> passages = new ArrayList<>();
        List<String> passageIds = new ArrayList<>();
        Map<String, Integer> indexes = new HashMap<>();
        Map<String, List<JudgedPair>> byQuery = new LinkedHashMap<>();
        for (JudgedPair pair : pairs) {
            indexes.computeIfAbsent(pair.passageId(), id -> {
                passages.add(pair.text());
                passageIds.add(id);
                return passages.size() - 1;
            });
            byQuery.computeIfAbsent(pair.queryId(), id -> new ArrayList<>()).add(pair);
        }
        List<Query> queries = new ArrayList<>();
        for (List<JudgedPair> judged : byQuery.values()) {
            Query query = new Query(
                    judged.getFirst().queryId(),
                    judged.getFirst().query(),
                    indexes(judged, indexes, Want.RELEVANT),
                    indexes(judged, indexes, Want.NOT));
            if (!query.relevant().isEmpty()) {
                queries.add(query);
            }
        }
        return new TrainingSet(queries, passages, passageIds);
    }

    /** At most {@code count} queries, the first ones, with the passages that they were judged with. */
    public TrainingSet first(int count) {
        Map<Integer, Integer> kept = new LinkedHashMap<>();
        List<Query> first = new ArrayList<>();
        for (Query query : queries.subList(0, Math.min(count, queries.size()))) {
            first.add(new Query(
                    query.id(), query.text(), renumbered(query.relevant(), kept), renumbered(query.negatives(), kept)));
        }
        return new TrainingSet(
                first,
                kept.keySet().stream().map(passages::get).toList(),
                kept.keySet().stream().map(passageIds::get).toList());
    }

    private static List<Integer> renumbered(List<Integer> indexes, Map<Integer, Integer> kept) {
        return indexes.stream().map(index -> numberOf(index, kept)).toList();
    }

    private static int numberOf(int index, Map<Integer, Integer> kept) {
        Integer number = kept.get(index);
        if (number == null) {
            number = kept.size();
            kept.put(index, number);
        }
        return number;
    }

    private enum Want {
        RELEVANT,
        NOT
    }

    private static List<Integer> indexes(List<JudgedPair> judged, Map<String, Integer> indexes, Want want) {
        return judged.stream()
                .filter(pair -> pair.relevant() == (want == Want.RELEVANT))
                .map(pair -> indexes.getOrDefault(pair.passageId(), -1))
                .distinct()
                .toList();
    }
}
