package io.palimpsest.ingest.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DelimitedTextTest {
    @Test
    void quotedCellsHoldDelimitersQuotesAndLineBreaks() {
        assertThat(DelimitedText.rows("a,\"b, \"\"c\"\"\nd\",e\n1,2,3"))
                .containsExactly(List.of("a", "b, \"c\"\nd", "e"), List.of("1", "2", "3"));
    }

    @Test
    void delimiterIsTheMostFrequentInTheFirstLine() {
        assertThat(DelimitedText.rows("a;b;c,d\n1;2;3"))
                .containsExactly(List.of("a", "b", "c,d"), List.of("1", "2", "3"));
        assertThat(DelimitedText.rows("a\tb\n1,5\t2")).containsExactly(List.of("a", "b"), List.of("1,5", "2"));
    }

    @Test
    void unclosedQuoteRunsToTheEnd() {
        assertThat(DelimitedText.rows("a,\"b\nc")).containsExactly(List.of("a", "b\nc"));
    }
}
