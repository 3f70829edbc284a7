package io.palimpsest.retrain.judgement;

import java.util.List;

/**
 * What reviewers said of the questions of some time.
 *
 * @param questions that were asked then and are judged: some document is relevant, or nothing of them waits for a grade any more
 * @param agreement Krippendorff's alpha of those who graded them, -1 to 1; 1 where all gave the same grade, or all grades were
 *     imported as settled
 */
public record QuestionsOfTime(List<JudgedQuestion> questions, double agreement) {
    public QuestionsOfTime {
        questions = List.copyOf(questions);
    }
}
