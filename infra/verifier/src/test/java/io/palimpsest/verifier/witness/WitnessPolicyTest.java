package io.palimpsest.verifier.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.NoteSignature;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class WitnessPolicyTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
    private static final String TEXT = new Checkpoint("log", 0, MerkleTree.EMPTY).text();
    private static final NoteSigner LOG = NoteSigner.generate("log", KeyType.ED25519, CLOCK);
    private static final List<NoteSigner> WITNESSES = IntStream.range(0, 5)
            .mapToObj(i -> NoteSigner.generate("witness-" + i, KeyType.COSIGNATURE_V1, CLOCK))
            .toList();

    private static List<NoteKey> keys(int count) {
        return WITNESSES.stream().limit(count).map(NoteSigner::key).toList();
    }

    private static SignedNote signed(List<NoteSignature> cosignatures) {
        return new SignedNote(TEXT, List.of(LOG.sign(TEXT))).with(cosignatures);
    }

    @Property(tries = 200)
    void aCheckpointCountsWhenKOfNHaveCosignedIt(
            @ForAll @IntRange(min = 1, max = 5) int n,
            @ForAll @IntRange(max = 5) int quorum,
            @ForAll Set<@IntRange(max = 4) Integer> cosigned) {
        if (quorum > n) {
            return;
        }
        WitnessPolicy policy = new WitnessPolicy(keys(n), quorum);
        SignedNote note =
                signed(cosigned.stream().map(i -> WITNESSES.get(i).sign(TEXT)).toList());
        long known = cosigned.stream().filter(i -> i < n).count();
        assertThat(policy.cosigners(note)).hasSize((int) known);
        assertThat(policy.isSatisfiedBy(note)).isEqualTo(known >= quorum);
        if (known >= quorum) {
            assertThatCode(() -> policy.verify(note)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> policy.verify(note)).isInstanceOf(InvalidNoteException.class);
        }
    }

    @Test
    void oneFalseCosignatureDoesNotSpoilTheOthers() {
        WitnessPolicy policy = new WitnessPolicy(keys(3), 2);
        NoteSignature ofOther = WITNESSES.get(0).sign(new Checkpoint("log", 1, MerkleTree.EMPTY).text());
        List<NoteSignature> cosignatures =
                new ArrayList<>(List.of(ofOther, WITNESSES.get(1).sign(TEXT)));
        assertThat(policy.isSatisfiedBy(signed(cosignatures))).isFalse();
        assertThatThrownBy(() -> policy.verify(signed(cosignatures)))
                .hasMessage("1 of 2 witnesses have cosigned it, not witness-0, witness-2");
        cosignatures.add(WITNESSES.get(2).sign(TEXT));
        assertThat(policy.cosigners(signed(cosignatures)))
                .containsExactly(
                        new Cosigner(WITNESSES.get(1).key(), NOON),
                        new Cosigner(WITNESSES.get(2).key(), NOON));
    }

    @Test
    void aWitnessThatSignsTwiceCountsOnce() {
        NoteSigner later = NoteSigner.parse(WITNESSES.get(0).text(), Clock.fixed(NOON.plusSeconds(1), ZoneOffset.UTC));
        SignedNote twice = signed(List.of(WITNESSES.get(0).sign(TEXT), later.sign(TEXT)));
        assertThat(new WitnessPolicy(keys(2), 2).isSatisfiedBy(twice)).isFalse();
        assertThat(new WitnessPolicy(keys(2), 1).isSatisfiedBy(twice)).isTrue();
    }

    @Test
    void aTimeThatNoCalendarHasCountsForNothing() {
        NoteSigner early = NoteSigner.generate(
                "early", KeyType.COSIGNATURE_V1, Clock.fixed(Instant.ofEpochSecond(-1), ZoneOffset.UTC));
        WitnessPolicy policy = new WitnessPolicy(List.of(early.key()), 1);
        assertThat(policy.isSatisfiedBy(signed(List.of(early.sign(TEXT))))).isFalse();
    }

    @Test
    void onlyCheckpointsCount() {
        SignedNote note = new SignedNote("text\n", List.of(WITNESSES.get(0).sign("text\n")));
        WitnessPolicy policy = new WitnessPolicy(keys(1), 1);
        assertThat(policy.isSatisfiedBy(note)).isFalse();
        assertThatThrownBy(() -> policy.verify(note)).hasMessageContaining("not of a checkpoint");
    }

    @Test
    void policiesThatCannotBeMeantAreRefused() {
        NoteKey first = WITNESSES.get(0).key();
        refused(List.of(LOG.key()), 1, "does not cosign");
        refused(List.of(first, new NoteKey("alias", first.type(), first.key())), 1, "same key");
        refused(
                List.of(
                        first,
                        new NoteKey(
                                first.name(),
                                first.type(),
                                WITNESSES.get(1).key().key())),
                1,
                "same name");
        refused(keys(2), 3, "of 2 witnesses not 3");
        refused(keys(2), -1, "not -1");
    }

    private static void refused(List<NoteKey> witnesses, int quorum, String why) {
        assertThatThrownBy(() -> new WitnessPolicy(witnesses, quorum)).hasMessageContaining(why);
    }
}
