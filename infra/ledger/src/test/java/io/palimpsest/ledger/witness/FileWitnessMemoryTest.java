package io.palimpsest.ledger.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ledger.witness.FileWitnessMemory.Expected;
import io.palimpsest.verifier.merkle.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileWitnessMemoryTest {
    private static final TreeHead FIVE = new TreeHead(5, Hash.leaf("five".getBytes(UTF_8)));
    private static final TreeHead NINE = new TreeHead(9, Hash.leaf("nine".getBytes(UTF_8)));

    /** Computed with Python's hashlib. */
    private static final String GOLDEN = """
            palimpsest-witness/1
            9 vRVpNBe4kowOVYSYjZ5Ty8Osp9cpLc67QCsXhQcpvK4= a log, with spaces
            5 zMKa4OAqd7D0V4wawXST15z0JiEEkprIBPkfxOesWvA= example.com/log
            sha256 8adfa9863b5a11859cff650b77610b1ee0e77b881108b64f3799e1e05856c9b8
            """;

    @TempDir
    Path folder = Path.of("");

    private FileWitnessMemory open(Expected expected) {
        return FileWitnessMemory.open(folder, expected);
    }

    private void fill() throws IOException {
        try (FileWitnessMemory memory = open(Expected.ABSENT)) {
            memory.remember("example.com/log", FIVE);
            memory.remember("a log, with spaces", FIVE);
            memory.remember("a log, with spaces", NINE);
        }
    }

    @Test
    void whatWasCosignedIsKnownAfterARestart() throws IOException {
        fill();
        try (FileWitnessMemory memory = open(Expected.PRESENT)) {
            assertThat(memory.last("example.com/log")).isEqualTo(FIVE);
            assertThat(memory.last("a log, with spaces")).isEqualTo(NINE);
            assertThat(memory.last("other")).isEqualTo(TreeHead.NONE);
        }
    }

    @Test
    void theFileHasTheBytesOfItsDescription() throws IOException {
        fill();
        assertThat(folder.resolve("state")).hasContent(GOLDEN);
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void aFileThatAWriterLeftUnfinishedIsNotRead() throws IOException {
        fill();
        Files.writeString(folder.resolve("state.tmp"), "palimpsest-witness/1\n");
        try (FileWitnessMemory memory = open(Expected.PRESENT)) {
            assertThat(memory.last("example.com/log")).isEqualTo(FIVE);
        }
    }

    @Test
    void noChangedByteIsTaken() throws IOException {
        fill();
        byte[] whole = Files.readAllBytes(folder.resolve("state"));
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            refused(changed);
        }
    }

    @Test
    void noTornFileIsTaken() throws IOException {
        fill();
        byte[] whole = Files.readAllBytes(folder.resolve("state"));
        for (int length = 0; length < whole.length; length++) {
            refused(Arrays.copyOf(whole, length));
        }
        refused(Arrays.copyOf(whole, whole.length + 1));
    }

    @Test
    void aLostFileIsNotBegunAnewWithAUsedKey() {
        assertThatThrownBy(() -> open(Expected.PRESENT))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContaining("is lost")
                .hasMessageContaining("new key");
        open(Expected.EITHER).close();
        open(Expected.PRESENT).close();
        assertThatThrownBy(() -> open(Expected.ABSENT)).hasMessageContaining("--new-state");
    }

    @Test
    void oneHoldsTheFolder() {
        try (FileWitnessMemory first = open(Expected.EITHER)) {
            assertThatThrownBy(() -> open(Expected.EITHER)).hasMessageContaining("another witness runs on");
            assertThat(first.last("log")).isEqualTo(TreeHead.NONE);
        }
        open(Expected.PRESENT).close();
    }

    private void refused(byte[] state) throws IOException {
        Files.write(folder.resolve("state"), state);
        assertThatThrownBy(() -> open(Expected.PRESENT))
                .isInstanceOf(PalimpsestException.class)
                .hasMessageContaining("is damaged");
        assertThat(folder.resolve("state")).as("is left as it is").hasBinaryContent(state);
    }
}
