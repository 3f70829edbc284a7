package io.palimpsest.retrain.tune;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One line of a snapshot's {@code train.jsonl} or {@code validation.jsonl}: a query, a passage and what reviewers say of them.
 *
 * @param documentId of the passage's document: slices never share one
 * @param grade 0 = not relevant (a hard negative) to 3 = exactly this
 */
public record JudgedPair(
        @JsonProperty(required = true) String queryId,
        @JsonProperty(required = true) String query,
        @JsonProperty(required = true) String passageId,
        @Nullable String documentId,
        @JsonProperty(required = true) String text,
        @JsonProperty(required = true) int grade) {
    /** From this grade on a passage is relevant. */
    public static final int RELEVANT = 1;

    public JudgedPair {
        if (queryId.isBlank() || query.isBlank() || passageId.isBlank() || text.isBlank()) {
            throw new IllegalArgumentException("blank query or passage");
        }
        if (grade < 0 || grade > 3) {
            throw new IllegalArgumentException("grade " + grade + " is not 0 to 3");
        }
    }

    public boolean relevant() {
        return grade >= RELEVANT;
    }
}
