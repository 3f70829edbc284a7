package io.palimpsest.index.answer;

import io.palimpsest.index.search.SearchRequest;
import io.palimpsest.index.search.SearchTarget;

/**
 * A question.
 *
 * @param search how evidence is looked for; its query is the question, its limit the most passages to use
 * @param target what it is looked for in
 */
public record AnswerRequest(SearchRequest search, SearchTarget target) {
    /** Passages that an answer is made from unless asked otherwise. */
    public static final int DEFAULT_PASSAGES = 8;

    public static AnswerRequest of(String question) {
        return new AnswerRequest(SearchRequest.of(question).withLimit(DEFAULT_PASSAGES), SearchTarget.LIVE);
    }
}
