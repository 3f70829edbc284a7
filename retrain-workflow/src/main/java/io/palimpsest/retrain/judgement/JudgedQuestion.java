package io.palimpsest.retrain.judgement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A question with what people settled of it: a document's gain is the best grade of its passages.
 *
 * @param queryId of the question's text, the same whoever asked it
 * @param gains document id to grade, 0 not relevant
 * @param frozen belongs to a general set that is only ever tested with
 */
public record JudgedQuestion(String queryId, String query, Map<String, Integer> gains, boolean frozen) {
    public JudgedQuestion {
        gains = Map.copyOf(gains);
    }

    /** Whether some document answers it, wherever it is ranked. */
    public boolean isAnswerable() {
        return gains.values().stream().anyMatch(gain -> gain > 0);
    }

    /** Where documents are gone: nobody can find them, and they answer nothing any more. */
    public JudgedQuestion ofLive(Predicate<String> isLive) {
        Map<String, Integer> left = new HashMap<>();
        gains.forEach((document, gain) -> left.put(document, gain > 0 && isLive.test(document) ? gain : 0));
        return new JudgedQuestion(queryId, query, left, frozen);
    }

    /** In the order of their ids. */
    static List<JudgedQuestion> of(List<GradedPassage> labels) {
        SortedMap<String, List<GradedPassage>> byQuestion = new TreeMap<>();
        labels.forEach(label -> byQuestion
                .computeIfAbsent(label.queryId(), id -> new ArrayList<>())
                .add(label));
        return byQuestion.values().stream().map(JudgedQuestion::one).toList();
    }

    private static JudgedQuestion one(List<GradedPassage> labels) {
        Map<String, Integer> gains = new HashMap<>();
        labels.forEach(label -> gains.merge(label.document().document().value(), label.grade(), Math::max));
        GradedPassage any = labels.getFirst();
        return new JudgedQuestion(
                any.queryId(), any.query(), gains, labels.stream().anyMatch(GradedPassage::frozen));
    }
}
