package io.palimpsest.retrain.judgement;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What reviewers said of the questions of some time.
 *
 * @param questions that were asked then and are judged: some document is relevant, or nothing of them waits for a grade any more
 * @param answered ids of the queries for which an answer was made, by the id of their question
 * @param agreement Krippendorff's alpha of those who graded them, -1 to 1; 1 where all gave the same grade, or all grades were
 *     imported as settled
 */
public record QuestionsOfTime(List<JudgedQuestion> questions, Map<String, Set<String>> answered, double agreement) {
    public QuestionsOfTime {
        questions = List.copyOf(questions);
        answered = Map.copyOf(answered);
    }
}
