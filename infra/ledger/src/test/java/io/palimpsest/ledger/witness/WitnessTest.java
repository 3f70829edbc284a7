package io.palimpsest.ledger.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.ledger.witness.WitnessVerdict.Cosigned;
import io.palimpsest.ledger.witness.WitnessVerdict.Inconsistent;
import io.palimpsest.ledger.witness.WitnessVerdict.Malformed;
import io.palimpsest.ledger.witness.WitnessVerdict.OtherRoot;
import io.palimpsest.ledger.witness.WitnessVerdict.OtherSize;
import io.palimpsest.ledger.witness.WitnessVerdict.UnknownLog;
import io.palimpsest.ledger.witness.WitnessVerdict.Unsigned;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WitnessTest {
    private static final GrowingLog LOG = GrowingLog.of(GrowingLog.ORIGIN);

    private final NoteSigner signer = NoteSigner.generate("w", KeyType.COSIGNATURE_V1, Clock.systemUTC());
    private final InMemoryWitnessMemory memory = new InMemoryWitnessMemory();
    private final Witness witness = new Witness(LOG.trusted(), signer, memory);

    private WitnessVerdict ask(GrowingLog log, long oldSize, long size) {
        return witness.judge(log.request(oldSize, size).bytes());
    }

    private WitnessVerdict ask(long oldSize, List<Hash> proof, SignedNote note) {
        return witness.judge(new AddCheckpoint(oldSize, proof, note).bytes());
    }

    private void cosigns(long oldSize, long size) {
        assertThat(ask(LOG, oldSize, size)).isInstanceOf(Cosigned.class);
    }

    @Test
    void answersAreThoseOfOtherImplementations() {
        Witness golden = new Witness(
                TrustedLogs.parse(List.of(GoldenBytes.LOG_KEY)), GoldenBytes.witness(), new InMemoryWitnessMemory());
        assertThat(golden.judge(GoldenBytes.FIRST_REQUEST.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        Cosigned.class,
                        cosigned ->
                                assertThat(cosigned.signature().line() + "\n").isEqualTo(GoldenBytes.FIRST_ANSWER));
        assertThat(golden.judge(GoldenBytes.SECOND_REQUEST.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        Cosigned.class,
                        cosigned ->
                                assertThat(cosigned.signature().line() + "\n").isEqualTo(GoldenBytes.SECOND_ANSWER));
    }

    @Test
    void aLogThatOnlyGrowsIsCosigned() throws InvalidNoteException {
        long last = 0;
        for (long size : new long[] {0, 1, 1, 2, 7, 8, 8, 200, 1000}) {
            WitnessVerdict verdict = ask(LOG, last, size);
            assertThat(verdict).isInstanceOf(Cosigned.class);
            SignedNote cosigned = LOG.checkpoint(size).with(List.of(((Cosigned) verdict).signature()));
            assertThat(cosigned.verified(List.of(signer.key(), LOG.signer().key())))
                    .hasSize(2);
            last = size;
        }
    }

    @Test
    void anotherOldSizeIsAnsweredWithTheOneThatWasCosigned() {
        assertThat(ask(LOG, 1, 5)).isEqualTo(new OtherSize(0));
        cosigns(0, 5);
        assertThat(ask(LOG, 0, 6)).isEqualTo(new OtherSize(5));
        assertThat(ask(LOG, 4, 6)).isEqualTo(new OtherSize(5));
        assertThat(ask(LOG, 6, 6)).isEqualTo(new OtherSize(5));
        cosigns(5, 6);
    }

    @Test
    void aLogThatLostEntriesIsRefused() {
        cosigns(0, 8);
        assertThat(ask(LOG, 8, 5)).isInstanceOf(Malformed.class);
        assertThat(ask(LOG, 5, 5)).isEqualTo(new OtherSize(8));
        assertThat(ask(LOG, 0, 5)).isEqualTo(new OtherSize(8));
        assertThat(ask(LOG, 0, 0)).isEqualTo(new OtherSize(8));
        cosigns(8, 8);
    }

    @Test
    void aRewrittenLogIsRefusedWhateverItProves() {
        cosigns(0, 8);
        for (long from : new long[] {0, 3, 7}) {
            GrowingLog fork = LOG.rewritten(from);
            assertThat(ask(fork, 8, 12)).isInstanceOf(Inconsistent.class);
            assertThat(ask(8, LOG.proof(8, 12).path(), fork.checkpoint(12))).isInstanceOf(Inconsistent.class);
            assertThat(ask(8, List.of(), fork.checkpoint(12))).isInstanceOf(Inconsistent.class);
            assertThat(ask(fork, 8, 8)).isInstanceOf(OtherRoot.class);
            assertThat(ask(fork, 0, 12)).isEqualTo(new OtherSize(8));
        }
        cosigns(8, 12);
    }

    @Test
    void entriesAfterTheLastCosignedOneMayBeOthers() {
        cosigns(0, 8);
        assertThat(ask(LOG.rewritten(8), 8, 12)).isInstanceOf(Cosigned.class);
        assertThat(ask(LOG, 8, 12)).isEqualTo(new OtherSize(12));
        assertThat(ask(LOG, 12, 13)).isInstanceOf(Inconsistent.class);
    }

    @Test
    void aProofIsEmptyWhereThereIsNothingToProve() {
        assertThat(ask(0, LOG.proof(3, 8).path(), LOG.checkpoint(8))).isInstanceOf(Inconsistent.class);
        cosigns(0, 8);
        assertThat(ask(8, LOG.proof(3, 8).path(), LOG.checkpoint(8))).isInstanceOf(Inconsistent.class);
    }

    @Test
    void theEmptyTreeHasOneRoot() {
        String text = new Checkpoint(GrowingLog.ORIGIN, 0, LOG.root(1)).text();
        assertThat(ask(0, List.of(), new SignedNote(text, List.of(LOG.signer().sign(text)))))
                .isInstanceOf(OtherRoot.class);
        assertThat(LOG.root(0)).isEqualTo(MerkleTree.EMPTY);
        cosigns(0, 0);
    }

    @Test
    void onlyKnownLogsAreCosigned() {
        assertThat(ask(GrowingLog.of("other.example/log"), 0, 3)).isInstanceOf(UnknownLog.class);
        assertThat(ask(GrowingLog.signedBy("other.example/log", LOG.signer()), 0, 3))
                .isInstanceOf(UnknownLog.class);
    }

    @Test
    void onlyWhatATrustedKeySignedIsCosigned() {
        GrowingLog impostor = GrowingLog.of(GrowingLog.ORIGIN);
        assertThat(ask(impostor, 0, 3)).isInstanceOf(Unsigned.class);
        SignedNote other = LOG.checkpoint(4);
        assertThat(ask(0, List.of(), new SignedNote(LOG.checkpoint(3).text(), other.signatures())))
                .isInstanceOf(Unsigned.class);
        SignedNote both =
                LOG.checkpoint(3).with(impostor.checkpoint(3).signatures()).with(other.signatures());
        assertThat(ask(
                        0,
                        List.of(),
                        impostor.checkpoint(3).with(LOG.checkpoint(3).signatures())))
                .isInstanceOf(Cosigned.class);
        assertThat(ask(3, List.of(), both))
                .as("a second signature by the key, which is false")
                .isInstanceOf(Unsigned.class);
    }

    @Test
    void aLogMaySignWithEitherKeyWhileItChangesThem() {
        GrowingLog changed = GrowingLog.of(GrowingLog.ORIGIN);
        Witness both = new Witness(
                new TrustedLogs(Map.of(
                        GrowingLog.ORIGIN,
                        List.of(LOG.signer().key(), changed.signer().key()))),
                signer,
                memory);
        assertThat(both.judge(LOG.request(0, 3).bytes())).isInstanceOf(Cosigned.class);
        assertThat(both.judge(changed.request(3, 4).bytes())).isInstanceOf(Cosigned.class);
        assertThat(both.judge(changed.rewritten(2).request(4, 5).bytes())).isInstanceOf(Inconsistent.class);
    }

    @Test
    void logsAreRememberedEachForItself() {
        GrowingLog second = GrowingLog.of("second.example/log");
        Witness two = new Witness(
                TrustedLogs.parse(
                        List.of(LOG.signer().key().text(), second.signer().key().text())),
                signer,
                memory);
        assertThat(two.judge(LOG.request(0, 8).bytes())).isInstanceOf(Cosigned.class);
        assertThat(two.judge(second.request(0, 3).bytes())).isInstanceOf(Cosigned.class);
        assertThat(two.judge(second.request(8, 9).bytes())).isEqualTo(new OtherSize(3));
        assertThat(two.judge(LOG.request(8, 9).bytes())).isInstanceOf(Cosigned.class);
    }

    @Test
    void linesThatTheLogAddedAreCosigned() throws InvalidNoteException {
        String text = new Checkpoint(GrowingLog.ORIGIN, 3, LOG.root(3), List.of("extension")).text();
        SignedNote note = new SignedNote(text, List.of(LOG.signer().sign(text)));
        WitnessVerdict verdict = ask(0, List.of(), note);
        assertThat(note.with(List.of(((Cosigned) verdict).signature())).signatureBy(signer.key()))
                .isPresent();
    }

    @Test
    void whatIsNoRequestIsMalformed() {
        for (String body :
                List.of("", "old 0\n", "old 0\n\n", "old 0\n\ntext\n", "old 0\n\ntext\n\n\u2014 a AAAAAAA=\n")) {
            assertThat(witness.judge(body.getBytes(UTF_8))).isInstanceOf(Malformed.class);
        }
        byte[] notUtf8 = LOG.request(0, 1).bytes();
        notUtf8[10] = (byte) 0xff;
        assertThat(witness.judge(notUtf8)).isInstanceOf(Malformed.class);
    }

    /** Both read what was cosigned last before either has written, if the witness lets them. */
    @Test
    void ofTwoForksAtOnceOneIsCosigned() throws Exception {
        CountDownLatch readers = new CountDownLatch(2);
        WitnessMemory slow = new WitnessMemory() {
            @Override
            public TreeHead last(String origin) {
                TreeHead last = memory.last(origin);
                readers.countDown();
                try {
                    boolean unused = readers.await(300, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return last;
            }

            @Override
            public void remember(String origin, TreeHead head) throws IOException {
                memory.remember(origin, head);
            }
        };
        Witness raced = new Witness(LOG.trusted(), signer, slow);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<WitnessVerdict> one =
                    threads.submit(() -> raced.judge(LOG.request(0, 5).bytes()));
            Future<WitnessVerdict> other = threads.submit(
                    () -> raced.judge(LOG.rewritten(2).request(0, 6).bytes()));
            assertThat(List.of(one.get(), other.get()))
                    .filteredOn(Cosigned.class::isInstance)
                    .hasSize(1);
        }
    }

    @Test
    void nothingIsCosignedThatTheDiskDoesNotHold() {
        cosigns(0, 3);
        memory.fill();
        assertThatThrownBy(() -> ask(LOG, 3, 5)).isInstanceOf(UncheckedIOException.class);
        assertThat(memory.last(GrowingLog.ORIGIN).treeSize()).isEqualTo(3);
        memory.free();
        assertThatThrownBy(() -> ask(LOG, 3, 5)).hasMessageContaining("restart");
        assertThatThrownBy(() -> ask(LOG, 3, 3)).hasMessageContaining("restart");
        Witness restarted = new Witness(LOG.trusted(), signer, memory);
        assertThat(restarted.judge(LOG.request(3, 5).bytes())).isInstanceOf(Cosigned.class);
    }

    @Test
    void keysAreUsedForWhatTheyAreFor() {
        assertThatThrownBy(() -> new Witness(LOG.trusted(), LOG.signer(), memory))
                .hasMessageContaining("COSIGNATURE_V1");
        assertThatThrownBy(() -> TrustedLogs.parse(List.of(signer.key().text())))
                .hasMessageContaining("one of a witness");
        assertThatThrownBy(() -> new TrustedLogs(Map.of("log", List.of()))).hasMessageContaining("no key");
        assertThat(Optional.of(TrustedLogs.parse(List.of())).map(none -> none.isKnown("log")))
                .contains(false);
    }
}
