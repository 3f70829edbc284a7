package io.palimpsest.platform.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MiniLmFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(MiniLmFile.class)
    void whatTheClassPathCarriesIsWhatThisVersionWasMadeFor(MiniLmFile file) throws IOException {
        assertThat(ContentHash.of(file.bytes())).isEqualTo(file.hash());
    }

    @Test
    void modelKeepsTheIdUnderWhichVectorsAreStored() {
        assertThat(ModelId.ofEncoder("all-minilm-l6-v2", "fp32", MiniLmFile.FP32.hash(), MiniLmFile.TOKENIZER.hash()))
                .isEqualTo(new ModelId("all-minilm-l6-v2/fp32/f9262c22"));
    }

    @Test
    void damagedFileLeftBehindIsReplaced() throws IOException {
        Path file = MiniLmFile.INT8.unpackTo(folder);
        Files.write(file, new byte[] {1, 2, 3});

        Path again = MiniLmFile.INT8.unpackTo(folder);

        assertThat(again).isEqualTo(file).hasSize(22_972_370);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void fileThatIsThereIsNotWrittenAgain() throws IOException {
        Path file = MiniLmFile.TOKENIZER.unpackTo(folder.resolve("made"));
        Object before = Files.readAttributes(file, BasicFileAttributes.class).fileKey();

        assertThat(MiniLmFile.TOKENIZER.unpackTo(folder.resolve("made"))).isEqualTo(file);

        assertThat(Files.readAttributes(file, BasicFileAttributes.class).fileKey())
                .isEqualTo(before);
    }
}
