package io.palimpsest.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InclusionProof;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.LogProof;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifierMainTest {
    private static final byte[] ENTRY = "{\"type\":\"RUN_STARTED\"}".getBytes(UTF_8);

    @TempDir
    private Path folder;

    private final NoteSigner signer = NoteSigner.generate("log", KeyType.ED25519, Clock.systemUTC());
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aProofHoldsWithItsKeyGivenAsTextOrFile() throws IOException {
        Path proof = proof();
        assertThat(run(proof.toString(), signer.key().text())).isZero();
        assertThat(out.toString(UTF_8))
                .contains("It holds: entry 0 is in the log log")
                .contains("RUN_STARTED")
                .contains("This does not say");
        Path key = Files.writeString(folder.resolve("key"), signer.key().text() + "\n");
        assertThat(run(proof.toString(), key.toString())).isZero();
    }

    @Test
    void anythingElseDoesNotHold() throws IOException {
        Path proof = proof();
        String stranger = NoteSigner.generate("log", KeyType.ED25519, Clock.systemUTC())
                .key()
                .text();
        assertThat(run(proof.toString(), stranger)).isEqualTo(1);
        assertThat(run(proof.toString(), "no+key")).isEqualTo(1);
        Files.writeString(proof, Files.readString(proof).replace("extra ey", "extra eY"));
        assertThat(run(proof.toString(), signer.key().text())).isEqualTo(1);
        Files.write(proof, new byte[2_000_000]);
        assertThat(run(proof.toString(), signer.key().text())).isEqualTo(1);
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(err.toString(UTF_8)).contains("It does not hold");
    }

    @Test
    void wrongUsageIsExplained() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--help")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("Usage: ");
        assertThat(run(folder.resolve("none").toString(), signer.key().text())).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("There is no file");
    }

    private Path proof() throws IOException {
        String text = new Checkpoint("log", 1, Hash.leaf(ENTRY)).text();
        SignedNote note = new SignedNote(text, List.of(signer.sign(text)));
        return Files.write(
                folder.resolve("0.tlog-proof"),
                LogProof.of(ENTRY, new InclusionProof(0, 1, List.of()), note).bytes());
    }

    private int run(String... arguments) {
        return VerifierMain.run(
                List.of(arguments), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }
}
