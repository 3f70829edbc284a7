package io.palimpsest.index.answer;

import java.util.List;

/**
 * A sentence of a draft, not checked yet.
 *
 * @param cited numbers of the evidence it names, in order; empty: it names none
 */
public record Statement(String text, List<Integer> cited) {
    public Statement {
        cited = List.copyOf(cited);
    }
}
