package io.palimpsest.ledger.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.ledger.witness.WitnessOutcome.Cosigned;
import io.palimpsest.ledger.witness.WitnessOutcome.NotAsked;
import io.palimpsest.ledger.witness.WitnessOutcome.OtherSize;
import io.palimpsest.ledger.witness.WitnessOutcome.Refused;
import io.palimpsest.ledger.witness.WitnessOutcome.Unreachable;
import io.palimpsest.ledger.witness.WitnessOutcome.Unusable;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WitnessesTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final WitnessLimits LIMITS = new WitnessLimits(LONG, LONG, Duration.ofMillis(300));
    private static final GrowingLog LOG = GrowingLog.of(GrowingLog.ORIGIN);

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T open(T each) {
        opened.add(each);
        return each;
    }

    private static NoteKey key(String name) {
        return NoteSigner.generate(name, KeyType.COSIGNATURE_V1, Clock.systemUTC())
                .key();
    }

    private WitnessEndpoint honest(String name) {
        NoteSigner signer = NoteSigner.generate(name, KeyType.COSIGNATURE_V1, Clock.systemUTC());
        WitnessServer server = open(new WitnessServer(
                new Witness(LOG.trusted(), signer, new InMemoryWitnessMemory()),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        return new WitnessEndpoint(signer.key(), server.prefix());
    }

    private WitnessEndpoint strange(String name, StrangeWitness witness) {
        return new WitnessEndpoint(key(name), open(witness).prefix());
    }

    private Witnesses witnesses(int quorum, WitnessLimits limits, WitnessEndpoint... endpoints) {
        return open(new Witnesses(List.of(endpoints), quorum, limits, Clock.systemUTC()));
    }

    private static Witnessed collect(Witnesses witnesses, GrowingLog log, long size) throws InterruptedException {
        return witnesses.collect(log.checkpoint(size), log::proof, LONG);
    }

    @Test
    void allThatCosignAreCollected() throws Exception {
        Witnesses witnesses = witnesses(3, LIMITS, honest("a"), honest("b"), honest("c"));
        for (long size : new long[] {0, 3, 3, 1000}) {
            Witnessed witnessed = collect(witnesses, LOG, size);
            assertThat(witnessed.hasQuorum()).isTrue();
            assertThat(witnessed.outcomes().values()).hasSize(3).allMatch(Cosigned.class::isInstance);
            assertThat(witnessed.note().text()).isEqualTo(LOG.checkpoint(size).text());
            SignedNote published = SignedNote.parse(witnessed.note().bytes());
            assertThat(witnesses.policy().cosigners(published)).hasSize(3);
            assertThat(published.verified(List.of(LOG.signer().key()))).hasSize(1);
        }
    }

    @Test
    void theSizeIsLearntFromTheWitnessAndThenRemembered() throws Exception {
        WitnessEndpoint witness = honest("a");
        assertThat(collect(witnesses(1, LIMITS, witness), LOG, 700).hasQuorum()).isTrue();
        Witnesses restarted = witnesses(1, LIMITS, witness);
        List<Long> proven = new CopyOnWriteArrayList<>();
        ConsistencyProofs proofs = (from, to) -> {
            proven.add(from);
            return LOG.proof(from, to);
        };
        assertThat(restarted.collect(LOG.checkpoint(800), proofs, LONG).hasQuorum())
                .isTrue();
        assertThat(restarted.collect(LOG.checkpoint(900), proofs, LONG).hasQuorum())
                .isTrue();
        assertThat(proven).containsExactly(700L, 800L);
    }

    @Test
    void rewrittenLogsAreNotCosigned() throws Exception {
        WitnessEndpoint witness = honest("a");
        Witnesses witnesses = witnesses(1, LIMITS, witness);
        assertThat(collect(witnesses, LOG, 700).hasQuorum()).isTrue();
        GrowingLog fork = LOG.rewritten(650);
        for (Witnesses each : List.of(witnesses, witnesses(1, LIMITS, witness))) {
            Witnessed refused = collect(each, fork, 900);
            assertThat(refused.hasQuorum()).isFalse();
            assertThat(refused.note()).isEqualTo(fork.checkpoint(900));
            assertThat(status(refused.outcomes().get("a"))).isEqualTo(422);
            assertThat(status(collect(each, fork, 700).outcomes().get("a"))).isEqualTo(409);
        }
        assertThat(collect(witnesses, LOG, 900).hasQuorum()).isTrue();
    }

    private static int status(@Nullable WitnessOutcome outcome) {
        return outcome instanceof Refused refused ? refused.status() : -1;
    }

    @Test
    void logsThatLostEntriesAreNotCosigned() throws Exception {
        WitnessEndpoint witness = honest("a");
        Witnesses witnesses = witnesses(1, LIMITS, witness);
        assertThat(collect(witnesses, LOG, 700).hasQuorum()).isTrue();
        for (Witnesses each : List.of(witnesses, witnesses(1, LIMITS, witness))) {
            assertThat(collect(each, LOG, 500).outcomes()).containsEntry("a", new OtherSize(700));
        }
    }

    @Test
    void aQuorumIsReachedWithoutThoseThatFail() throws Exception {
        NoteSigner liar = NoteSigner.generate("liar", KeyType.COSIGNATURE_V1, Clock.systemUTC());
        String ofOther = liar.sign(LOG.checkpoint(2).text()).line() + "\n";
        Witnesses witnesses = witnesses(
                2,
                LIMITS,
                strange("hanging", StrangeWitness.hanging()),
                new WitnessEndpoint(
                        liar.key(),
                        open(StrangeWitness.saying(200, "text/plain", ofOther)).prefix()),
                strange("dripping", StrangeWitness.dripping()),
                strange("flooding", StrangeWitness.flooding()),
                new WitnessEndpoint(key("gone"), URI.create("http://127.0.0.1:1/")),
                strange("huge", StrangeWitness.saying(409, "text/x.tlog.size", "9000000000000000000\n")),
                strange("stubborn", StrangeWitness.saying(409, "text/x.tlog.size", "0\n")),
                strange("moving", StrangeWitness.saying(302, "text/plain", "")),
                honest("a"),
                honest("b"));
        long began = System.nanoTime();
        Witnessed witnessed = witnesses.collect(LOG.checkpoint(9), LOG::proof, LONG);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONG.dividedBy(2));
        assertThat(witnessed.hasQuorum()).isTrue();
        assertThat(witnessed.outcomes()).hasSize(10);
        assertThat(witnesses.policy().cosigners(witnessed.note()))
                .extracting(cosigner -> cosigner.witness().name())
                .containsExactly("a", "b");
        assertThat(witnessed.note().signatures()).hasSize(3);
    }

    @Test
    void whatEachDidWrongIsSaid() throws Exception {
        NoteSigner liar = NoteSigner.generate("liar", KeyType.COSIGNATURE_V1, Clock.systemUTC());
        String ofOther = liar.sign(LOG.checkpoint(2).text()).line() + "\n";
        WitnessLimits limits = new WitnessLimits(LONG, Duration.ofSeconds(2), LONG);
        Witnesses witnesses = witnesses(
                1,
                limits,
                strange("hanging", StrangeWitness.hanging()),
                new WitnessEndpoint(
                        liar.key(),
                        open(StrangeWitness.saying(200, "text/plain", ofOther)).prefix()),
                strange("dripping", StrangeWitness.dripping()),
                strange("flooding", StrangeWitness.flooding()),
                new WitnessEndpoint(key("gone"), URI.create("http://127.0.0.1:1/")),
                strange("huge", StrangeWitness.saying(409, "text/x.tlog.size", "9000000000000000000\n")),
                strange("stubborn", StrangeWitness.saying(409, "text/x.tlog.size", "0\n")),
                strange("moving", StrangeWitness.saying(302, "text/plain", "")));
        Witnessed witnessed = collect(witnesses, LOG, 9);
        assertThat(witnessed.hasQuorum()).isFalse();
        assertThat(witnessed.note()).isEqualTo(LOG.checkpoint(9));
        assertThat(witnessed.outcomes().get("hanging")).isInstanceOf(Unreachable.class);
        assertThat(witnessed.outcomes().get("dripping")).isInstanceOf(Unreachable.class);
        assertThat(witnessed.outcomes().get("gone")).isInstanceOf(Unreachable.class);
        assertThat(witnessed.outcomes().get("flooding"))
                .isInstanceOfSatisfying(
                        Unreachable.class, outcome -> assertThat(outcome.why()).contains("more than 65536 bytes"));
        assertThat(witnessed.outcomes().get("liar")).isInstanceOf(Unusable.class);
        assertThat(witnessed.outcomes()).containsEntry("huge", new OtherSize(9_000_000_000_000_000_000L));
        assertThat(status(witnessed.outcomes().get("stubborn"))).isEqualTo(409);
        assertThat(status(witnessed.outcomes().get("moving"))).isEqualTo(302);
    }

    @Test
    void nobodyIsWaitedForLongerThanAsked() throws Exception {
        StrangeWitness hanging = StrangeWitness.hanging();
        Witnesses witnesses = witnesses(2, LIMITS, strange("hanging", hanging), honest("a"));
        long began = System.nanoTime();
        Witnessed witnessed = witnesses.collect(LOG.checkpoint(9), LOG::proof, Duration.ofSeconds(2));
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(10));
        assertThat(witnessed.hasQuorum()).isFalse();
        assertThat(witnessed.outcomes().get("a")).isInstanceOf(Cosigned.class);
        assertThat(witnessed.outcomes().get("hanging")).isInstanceOf(Unreachable.class);
        Witnessed next = witnesses.collect(LOG.checkpoint(10), LOG::proof, Duration.ofSeconds(2));
        assertThat(next.outcomes().get("a")).isInstanceOf(Cosigned.class);
        assertThat(next.outcomes().get("hanging")).as("one request at a time").isInstanceOf(NotAsked.class);
        assertThat(hanging.connections()).isEqualTo(1);
    }

    @Test
    void aProofThatCannotBeMadeKeepsNoOtherFromCosigning() throws Exception {
        WitnessEndpoint known = honest("known");
        assertThat(collect(witnesses(1, LIMITS, known), LOG, 5).hasQuorum()).isTrue();
        Witnesses witnesses = witnesses(1, LIMITS, known, honest("new"));
        Witnessed witnessed = witnesses.collect(
                LOG.checkpoint(9),
                (from, to) -> {
                    throw new IllegalStateException("the tile is not there");
                },
                LONG);
        assertThat(witnessed.outcomes().get("new")).isInstanceOf(Cosigned.class);
        assertThat(witnessed.outcomes().get("known"))
                .isInstanceOfSatisfying(
                        NotAsked.class, outcome -> assertThat(outcome.why()).contains("the tile is not there"));
    }

    @Test
    void callersAtOnceDoNotDisturbEachOther() throws Exception {
        Witnesses witnesses = witnesses(1, LIMITS, honest("a"));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Witnessed>> all = new ArrayList<>();
            for (long size = 1; size <= 20; size++) {
                long own = size;
                all.add(callers.submit(() -> collect(witnesses, LOG, own)));
            }
            for (Future<Witnessed> each : all) {
                assertThat(each.get().outcomes().get("a"))
                        .isInstanceOfAny(Cosigned.class, NotAsked.class, OtherSize.class);
            }
        }
        assertThat(collect(witnesses, LOG, 21).hasQuorum()).isTrue();
    }

    @Test
    void onlyCheckpointsAreShown() {
        Witnesses witnesses = witnesses(1, LIMITS, honest("a"));
        SignedNote note = new SignedNote("text\n", List.of(LOG.signer().sign("text\n")));
        assertThatThrownBy(() -> witnesses.collect(note, LOG::proof, LONG))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
