package io.palimpsest.index.answer;

import io.palimpsest.index.search.RankedPassage;

/**
 * A passage that an answer may stand on.
 *
 * @param number what it is cited by, from 1
 */
public record Evidence(int number, RankedPassage passage) {
    public String text() {
        return passage.resolved().text();
    }
}
