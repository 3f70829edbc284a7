package io.palimpsest.retrain.drift.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.retrain.drift.measure.Questions;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PaneTest {
    @Test
    void bytesReadBackAsTheyWere() {
        Questions questions = new Questions(1);
        QueryServed first = questions.known();
        Pane pane = Pane.open(7, first, 1_000);
        pane.count(first);
        for (int i = 0; i < 30; i++) {
            pane.count(questions.strange());
            pane.sampleSlot(5, 10);
        }
        pane.close();
        Pane.Stored read = Pane.read(pane.bytes(99));

        assertThat(read.arrivals()).isEqualTo(99);
        assertThat(read.pane().bytes(99)).isEqualTo(pane.bytes(99));
        assertThat(read.pane().closed()).isTrue();
        assertThat(read.pane().embedded()).isEqualTo(30);
        assertThat(read.pane().tally().samples()).isEqualTo(31);
    }

    @Test
    void bytesAreThoseOfVersionOne() {
        QueryServed query = new QueryServed(
                "q",
                Questions.COLLECTION,
                new GenerationId("g"),
                Questions.MODEL,
                false,
                0,
                0.25,
                0.5,
                9,
                1,
                null,
                Instant.ofEpochMilli(3));
        Pane pane = Pane.open(1, query, 2);
        pane.count(query);

        assertThat(HexFormat.of().formatHex(pane.bytes(4)))
                .isEqualTo("0100" + "0000000000000001" + "0000000000000004" + "0000000000000002" + "0000000000000003"
                        + "0000000000000003" + "0000000000000000" + "000b" + "746573742f667033322f30"
                        + "0000000000000001" + "0000000000000001" + "0001" + "0009" + "00000001" + "0001" + "007d"
                        + "00000001" + "0001" + "0005" + "00000001");
    }

    @Test
    void samplingChoosesAlikeAgainAndKeepsWithinItsCapacity() {
        QueryServed query = new Questions(1).known();
        Pane one = Pane.open(3, query, 0);
        Pane other = Pane.open(3, query, 0);
        int late = 0;
        for (int i = 0; i < 1_000; i++) {
            int slot = one.sampleSlot(11, 50);
            assertThat(slot).isEqualTo(other.sampleSlot(11, 50)).isBetween(-1, 49);
            late += i >= 500 && slot >= 0 ? 1 : 0;
        }
        assertThat(late).as("of 500, expected 50 ln 2").isBetween(15, 60);
    }
}
