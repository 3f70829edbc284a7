package io.palimpsest.contracts.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SafetensorsTest {
    private static Safetensors twoTensors() {
        return new Safetensors(
                new TreeMap<>(Map.of(
                        "up", new Safetensors.Tensor(new int[] {1, 2}, new float[] {1, -2}),
                        "down", new Safetensors.Tensor(new int[] {2}, new float[] {0.5f, 3}))),
                new TreeMap<>(Map.of("rank", "1")));
    }

    @Test
    void sameTensorsGiveTheseBytes() {
        String header = "{\"__metadata__\":{\"rank\":\"1\"},"
                + "\"down\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"up\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[8,16]}}";
        String padded = header + " ".repeat((8 - header.length() % 8) % 8);
        assertThat(HexFormat.of().formatHex(twoTensors().toBytes()))
                .isEqualTo("9000000000000000"
                        + HexFormat.of().formatHex(padded.getBytes(StandardCharsets.UTF_8))
                        + "0000003f" + "00004040" + "0000803f" + "000000c0");
    }

    @Test
    void whatIsWrittenIsRead() {
        Safetensors read = Safetensors.of(twoTensors().toBytes());
        assertThat(read.values("up", 1, 2)).containsExactly(1, -2);
        assertThat(read.values("down", 2)).containsExactly(0.5f, 3);
        assertThat(read.metadata()).containsExactly(Map.entry("rank", "1"));
        assertThat(read.toBytes()).isEqualTo(twoTensors().toBytes());
    }

    @Test
    void fileCutAtAnyByteIsRefused() {
        byte[] whole = twoTensors().toBytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalArgumentException().isThrownBy(() -> Safetensors.of(cut));
        }
    }

    @Test
    void anotherShapeThanAskedForIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> twoTensors().values("up", 2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> twoTensors().values("side", 2));
    }
}
