package io.palimpsest.verifier.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.merkle.Leaves;
import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogProofTest {
    private static final int SIZE = 11;

    private final NoteSigner signer = NoteSigner.generate("log", KeyType.ED25519, Clock.systemUTC());
    private final MerkleTree tree = new MerkleTree(new Leaves(
            IntStream.range(0, SIZE).mapToObj(i -> Hash.leaf(entry(i))).toList()));
    private final LogProof proof = proof(6, 6);

    @Test
    void aProofIsReadAsItWasWrittenAndHolds() throws Exception {
        String text = new String(proof.bytes(), UTF_8);
        assertThat(text)
                .startsWith("c2sp.org/tlog-proof@v1\nextra ZW50cnkgNg==\nindex 6\n")
                .contains("\n\nlog\n11\n");
        LogProof read = LogProof.parse(proof.bytes());
        assertThat(read).isEqualTo(proof);
        assertThat(read.entryBytes()).isEqualTo(entry(6));
        assertThat(read.verify("log", Set.of(signer.key())).treeSize()).isEqualTo(SIZE);
    }

    @Test
    void anyOtherEntryPlaceKeyOrLogIsRefused() {
        assertThatThrownBy(() -> proof(6, 5).verify("log", Set.of(signer.key())))
                .isInstanceOf(InvalidProofException.class);
        assertThatThrownBy(() ->
                        new LogProof(proof.entry(), 7, proof.path(), proof.note()).verify("log", Set.of(signer.key())))
                .isInstanceOf(InvalidProofException.class);
        assertThatThrownBy(() -> proof.verify("other", Set.of(signer.key()))).isInstanceOf(InvalidNoteException.class);
        NoteSigner stranger = NoteSigner.generate("log", KeyType.ED25519, Clock.systemUTC());
        assertThatThrownBy(() -> proof.verify("log", Set.of(stranger.key()))).isInstanceOf(InvalidNoteException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c2sp.org/tlog-proof@v1\n",
                "c2sp.org/tlog-proof@v2\nextra \nindex 0\n\nlog\n0\n",
                "c2sp.org/tlog-proof@v1\nextra \nindex x\n\nlog\n0\n",
                "c2sp.org/tlog-proof@v1\nextra \nindex 0\nAAAA\n\nlog\n0\n"
            })
    void whatIsNoProofIsRefused(String text) {
        assertThatThrownBy(() -> LogProof.parse(text.getBytes(UTF_8))).isInstanceOf(InvalidNoteException.class);
    }

    private LogProof proof(int index, int entry) {
        String text = new Checkpoint("log", SIZE, tree.root(SIZE)).text();
        return LogProof.of(entry(entry), tree.inclusion(index, SIZE), new SignedNote(text, List.of(signer.sign(text))));
    }

    private static byte[] entry(int i) {
        return ("entry " + i).getBytes(UTF_8);
    }
}
