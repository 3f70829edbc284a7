package io.palimpsest.index.answer;

import java.util.List;

/**
 * A checked sentence.
 *
 * @param support 0 to 1: how near it is to what it cites
 */
public record AnswerSentence(String text, List<Citation> citations, float support) {
    public AnswerSentence {
        citations = List.copyOf(citations);
    }
}
