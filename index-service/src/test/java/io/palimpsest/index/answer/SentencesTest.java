package io.palimpsest.index.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentencesTest {
    @Test
    void abbreviationsDoNotEndASentence() {
        String text = "  See Fig. 3 of Dr. Miller, i.e. B. Klein. It works!  Does it? Yes. ";

        assertThat(Sentences.split(text).stream().map(span -> span.of(text)))
                .containsExactly("See Fig. 3 of Dr. Miller, i.e. B. Klein.", "It works!", "Does it?", "Yes.");
    }

    @Test
    void numbersAreTheSameWithAndWithoutSeparators() {
        assertThat(Words.numbers("1,000 and 2.5 and 10.000")).containsExactly("1000", "2.5", "10000");
    }
}
