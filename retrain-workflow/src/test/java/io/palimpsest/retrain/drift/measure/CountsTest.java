package io.palimpsest.retrain.drift.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CountsTest {
    @Property(tries = 100)
    void mergingPartsInAnyOrderIsCountingAll(
            @ForAll @Size(max = 60) List<@DoubleRange(min = -1.5, max = 1.5) Double> first,
            @ForAll @Size(max = 60) List<@DoubleRange(min = -1.5, max = 1.5) Double> second) {
        Counts a = counted(first);
        Counts b = counted(second);
        Counts all = counted(first);
        second.forEach(all::add);

        assertThat(a.plus(b)).isEqualTo(b.plus(a)).isEqualTo(all);
        assertThat(all.minus(b)).isEqualTo(a);
        assertThat(all.total()).isEqualTo(first.size() + second.size());
    }

    @Property(tries = 100)
    void bytesReadBackAsTheyWere(@ForAll @Size(max = 60) List<@DoubleRange(min = -1, max = 1) Double> values) {
        Counts counts = counted(values);
        ByteBuffer bytes = ByteBuffer.allocate(counts.size());
        counts.write(bytes);

        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(Counts.read(Grid.SIMILARITY, bytes.flip())).isEqualTo(counts);
    }

    @Test
    void bytesAreTheNumberOfBinsThenEachWithItsCount() {
        Counts counts = new Counts(Grid.OVERLAP);
        counts.add(0.4);
        counts.add(0.4);
        counts.add(1);
        ByteBuffer bytes = ByteBuffer.allocate(counts.size());
        counts.write(bytes);

        assertThat(HexFormat.of().formatHex(bytes.array()))
                .isEqualTo("0002" + "0004" + "00000002" + "000a" + "00000001");
    }

    @Test
    void valuesOutsideOfTheGridFallIntoItsOutermostBins() {
        assertThat(Grid.TOKENS.bin(100_000)).isEqualTo(255);
        assertThat(Grid.SIMILARITY.bin(-3)).isZero();
        assertThat(Grid.OVERLAP.bin(1)).isEqualTo(10);
    }

    private static Counts counted(List<Double> values) {
        Counts counts = new Counts(Grid.SIMILARITY);
        values.forEach(counts::add);
        return counts;
    }
}
