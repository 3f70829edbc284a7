package io.palimpsest.retrain.tune.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.palimpsest.retrain.tune.TestModels;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnnxFileTest {
    private static final String NODE = "/encoder/layer.3/attention/self/value/MatMul";

    @TempDir
    Path folder = Path.of("");

    private final EncoderFiles base = TestModels.miniLm();

    @Test
    void weightIsFoundByTheNameOfItsNode() throws IOException {
        OnnxFile file = OnnxFile.read(base.fp32());
        OnnxTensorBytes weight = file.weightOf(NODE);
        assertThat(weight.shape()).containsExactly(384, 384);
        assertThat(file.floats(weight)).hasSize(384 * 384);
        assertThat(file.isFinite()).isTrue();
        assertThat(file.hasNode("/encoder/layer.6/attention/self/value/MatMul")).isFalse();
    }

    @Test
    void patchChangesTheBytesOfItsTensorAlone() throws IOException {
        OnnxFile file = OnnxFile.read(base.fp32());
        OnnxTensorBytes weight = file.weightOf(NODE);
        float[] values = file.floats(weight);
        values[0] += 1;
        Path copy = folder.resolve("copy.onnx");
        try (OnnxPatch patch = OnnxPatch.copyOf(base.fp32(), copy)) {
            patch.put(weight, values);
        }
        byte[] before = Files.readAllBytes(base.fp32());
        byte[] after = Files.readAllBytes(copy);
        assertThat(Arrays.mismatch(before, after)).isBetween((int) weight.offset(), (int) weight.offset() + 3);
        System.arraycopy(before, (int) weight.offset(), after, (int) weight.offset(), Float.BYTES);
        assertThat(Arrays.equals(before, after)).isTrue();
        assertThat(OnnxFile.read(copy).floats(weight)[0]).isEqualTo(values[0]);
    }

    @Test
    void unquantisedWeightsGiveTheBytesOfTheInt8File() throws IOException {
        OnnxFile fp32 = OnnxFile.read(base.fp32());
        OnnxFile int8 = OnnxFile.read(Objects.requireNonNull(base.int8()));
        for (int layer = 0; layer < 6; layer++) {
            for (String projection : new String[] {"query", "value"}) {
                String node = "/encoder/layer." + layer + "/attention/self/" + projection + "/MatMul";
                QuantisedMatrix matrix = QuantisedMatrix.of(int8, node);
                assertThat(matrix.quantise(fp32.floats(fp32.weightOf(node)))).isEqualTo(int8.bytes(matrix.values()));
            }
        }
    }

    @Test
    void fileThatIsCutOffIsRefused() throws IOException {
        Path cut = folder.resolve("cut.onnx");
        Files.copy(base.fp32(), cut);
        long length = Files.size(cut);
        for (long shorter : new long[] {length - 1, length / 2, 1_000, 1, 0}) {
            try (FileChannel channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
                channel.truncate(shorter);
            }
            assertThatIllegalArgumentException().as("%s bytes", shorter).isThrownBy(() -> OnnxFile.read(cut));
        }
    }

    @Test
    void otherFileIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.onnx"), "This is no model, only a line of text.\n");
        assertThatIllegalArgumentException().isThrownBy(() -> OnnxFile.read(text));
    }
}
