package io.palimpsest.index.answer;

import java.util.List;

/**
 * What an answer is made from.
 *
 * @param evidence best first, within the token budget; numbers are 1, 2, 3, ...
 */
public record Prompt(String question, List<Evidence> evidence) {
    public Prompt {
        evidence = List.copyOf(evidence);
    }
}
