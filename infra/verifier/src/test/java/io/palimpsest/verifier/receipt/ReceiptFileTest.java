package io.palimpsest.verifier.receipt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.verifier.Verification;
import io.palimpsest.verifier.entry.Commitment;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.merkle.Leaves;
import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.LogProof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ReceiptFileTest {
    private static final String SALT = "ab".repeat(32);
    private static final Opened QUERY = new Opened(Opened.What.QUERY, "cd".repeat(32), "Wie lange dauert es?\n\"ja\"");
    private static final Opened CALLER = new Opened(Opened.What.CALLER, "ef".repeat(32), "user:ann");
    private static final String RECEIPT =
            "{\"access\":{\"caller\":\"" + CALLER.commitment().hex() + "\"},\"passages\":[],\"query\":\""
                    + QUERY.commitment().hex() + "\",\"v\":1}";
    private static final int LEAVES = 7;
    private static final int OWN = 4;

    private final NoteSigner signer = NoteSigner.generate("log", KeyType.ED25519, Clock.systemUTC());

    @Test
    void whatWasWrittenIsReadAndHolds() throws Exception {
        ReceiptFile file = file(RECEIPT, SALT, List.of(QUERY, CALLER));
        assertThat(ReceiptFile.is(file.bytes())).isTrue();
        ReceiptFile read = ReceiptFile.parse(file.bytes());
        assertThat(read).isEqualTo(file);
        assertThat(read.verify("log", Set.of(signer.key())).treeSize()).isEqualTo(LEAVES);
        Verification said = verified(file.bytes());
        assertThat(said.holds()).isTrue();
        assertThat(String.join("\n", said.lines())).contains("Its caller is shown to be: user:ann", RECEIPT);
    }

    @Property(tries = 3_000)
    void anyChangedByteIsNoticed(
            @ForAll @IntRange(max = 1_000_000) int place, @ForAll @IntRange(min = 1, max = 255) int by)
            throws Exception {
        byte[] changed = file(RECEIPT, SALT, List.of(QUERY, CALLER)).bytes();
        changed[place % changed.length] ^= (byte) by;
        assertThat(holds(changed)).as("byte " + place % changed.length).isFalse();
    }

    @Property(tries = 500)
    void aFileThatEndsTooSoonDoesNotHold(@ForAll @IntRange(max = 1_000_000) int place) throws Exception {
        byte[] whole = file(RECEIPT, SALT, List.of(QUERY)).bytes();
        assertThat(holds(Arrays.copyOf(whole, place % whole.length))).isFalse();
    }

    @Test
    void everyByteWithAnotherCaseIsNoticed() throws Exception {
        byte[] whole = file(RECEIPT, SALT, List.of(QUERY, CALLER)).bytes();
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 0x20;
            assertThat(holds(changed)).as("byte " + i).isFalse();
        }
    }

    @Test
    void anotherReceiptSaltQueryOrCallerDoesNotHold() throws Exception {
        LogProof proof = file(RECEIPT, SALT, List.of()).proof();
        refused(new ReceiptFile(RECEIPT.replace("[]", "[1]"), SALT, List.of(), proof));
        refused(new ReceiptFile(RECEIPT, "00".repeat(32), List.of(), proof));
        refused(new ReceiptFile(
                RECEIPT, SALT, List.of(new Opened(Opened.What.QUERY, QUERY.salt(), "something else")), proof));
        refused(new ReceiptFile(
                RECEIPT, SALT, List.of(new Opened(Opened.What.CALLER, QUERY.salt(), QUERY.text())), proof));
        assertThatThrownBy(() -> file(RECEIPT, SALT, List.of()).verify("other", Set.of(signer.key())))
                .isInstanceOf(InvalidNoteException.class);
    }

    /** Whoever commits to two queries could show either one later. */
    @Test
    void aReceiptThatCouldBeOpenedToTwoQueriesIsRefused() {
        String other = new Opened(Opened.What.QUERY, QUERY.salt(), "what nobody asked")
                .commitment()
                .hex();
        for (String receipt : List.of(
                RECEIPT.replace("\"v\":1", "\"query\":\"" + other + "\",\"v\":1"),
                RECEIPT.replace(
                                "\"passages\":[]",
                                "\"models\":{\"query\":\"" + QUERY.commitment().hex() + "\"}")
                        .replace(
                                "\"query\":\"" + QUERY.commitment().hex() + "\",\"v\"",
                                "\"query\":\"" + other + "\",\"v\""))) {
            assertThatThrownBy(() -> file(receipt, SALT, List.of(QUERY)).verify("log", Set.of(signer.key())))
                    .as(receipt)
                    .isInstanceOfAny(InvalidNoteException.class, InvalidProofException.class);
        }
    }

    @Test
    void anEntryOfAnotherKindStandsForNoReceipt() {
        String entry = entry(RECEIPT, SALT).replace("QUERY_SERVED", "RUN_STARTED");
        assertThatThrownBy(() -> file(RECEIPT, SALT, List.of(), entry).verify("log", Set.of(signer.key())))
                .isInstanceOf(InvalidProofException.class);
    }

    /** Made with another program: what auditors keep must verify for ever. */
    @Test
    void theBytesOfACommitmentStayWhatTheyAre() {
        assertThat(Commitment.receipt(HexFormat.of().parseHex(SALT), "{\"v\":1}")
                        .hex())
                .isEqualTo("1df0432d5d986c71b0c1021d1418c68128290e48dedf5d4515c397fe18711075");
        assertThat(QUERY.commitment().hex())
                .isEqualTo("f81e212b0744e96a394af393df1a31288a3b6214fbb4640b569e66565d34f997");
        assertThat(CALLER.commitment().hex())
                .isEqualTo("abf56882a9194f9f489f9381149e36ec5e5eed25c4af285fb9bd895adeea7e1c");
    }

    private void refused(ReceiptFile file) {
        assertThatThrownBy(() -> ReceiptFile.parse(file.bytes()).verify("log", Set.of(signer.key())))
                .isInstanceOf(InvalidProofException.class);
    }

    private boolean holds(byte[] bytes) throws IOException {
        return verified(bytes).holds();
    }

    private Verification verified(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("receipt", "");
        try {
            Files.write(file, bytes);
            return Verification.of(file, List.of(signer.key().text()));
        } finally {
            Files.delete(file);
        }
    }

    private static String entry(String receipt, String salt) {
        return "{\"facts\":{\"hits\":\"0\",\"receipt\":\""
                + Commitment.receipt(HexFormat.of().parseHex(salt), receipt).hex()
                + "\"},\"type\":\"QUERY_SERVED\",\"v\":1}";
    }

    private ReceiptFile file(String receipt, String salt, List<Opened> opened) {
        return file(receipt, salt, opened, entry(receipt, salt));
    }

    private ReceiptFile file(String receipt, String salt, List<Opened> opened, String entry) {
        byte[] leaf = entry.getBytes(UTF_8);
        MerkleTree tree = new MerkleTree(new Leaves(IntStream.range(0, LEAVES)
                .mapToObj(i -> Hash.leaf(i == OWN ? leaf : ("entry " + i).getBytes(UTF_8)))
                .toList()));
        String text = new Checkpoint("log", LEAVES, tree.root(LEAVES)).text();
        SignedNote note = new SignedNote(text, List.of(signer.sign(text)));
        return new ReceiptFile(receipt, salt, opened, LogProof.of(leaf, tree.inclusion(OWN, LEAVES), note));
    }
}
