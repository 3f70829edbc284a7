package io.palimpsest.ledger.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.ledger.witness.WitnessOutcome.Cosigned;
import io.palimpsest.ledger.witness.WitnessOutcome.OtherSize;
import io.palimpsest.ledger.witness.WitnessOutcome.Refused;
import io.palimpsest.ledger.witness.WitnessOutcome.Unusable;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WitnessAnswersTest {
    private static final String SIZE = "text/x.tlog.size";
    private static final SignedNote NOTE =
            AddCheckpoint.parse(GoldenBytes.FIRST_REQUEST.getBytes(UTF_8)).note();

    private final WitnessAnswers answers =
            new WitnessAnswers(NoteKey.parse(GoldenBytes.WITNESS_KEY), GoldenBytes.CLOCK);

    private WitnessOutcome outcome(int status, String type, String body) {
        return answers.outcome(NOTE, status, type, body.getBytes(UTF_8));
    }

    private WitnessOutcome cosigned(String body) {
        return outcome(200, "text/plain", body);
    }

    private static String line(NoteSigner signer) {
        return signer.sign(NOTE.text()).line() + "\n";
    }

    private static Clock ahead(Duration by) {
        return Clock.offset(GoldenBytes.CLOCK, by);
    }

    @Test
    void cosignaturesAreThoseOfOtherImplementations() {
        assertThat(cosigned(GoldenBytes.FIRST_ANSWER)).isInstanceOfSatisfying(Cosigned.class, cosigned -> {
            assertThat(cosigned.at()).isEqualTo(Instant.parse("2023-03-20T12:25:47Z"));
            assertThat(cosigned.signature().line() + "\n").isEqualTo(GoldenBytes.FIRST_ANSWER);
        });
    }

    @Test
    void signaturesByOthersAreLeftOut() {
        NoteSigner other = NoteSigner.generate("witness.example/w1", KeyType.COSIGNATURE_V1, GoldenBytes.CLOCK);
        assertThat(cosigned(line(other) + GoldenBytes.FIRST_ANSWER + line(other)))
                .isEqualTo(cosigned(GoldenBytes.FIRST_ANSWER));
        assertThat(cosigned(line(other))).isInstanceOf(Unusable.class);
    }

    @Test
    void aCosignatureOfAnotherCheckpointIsUnusable() {
        assertThat(cosigned(GoldenBytes.SECOND_ANSWER)).isInstanceOf(Unusable.class);
        assertThat(cosigned(GoldenBytes.FIRST_ANSWER + GoldenBytes.SECOND_ANSWER))
                .isInstanceOf(Unusable.class);
    }

    @Test
    void anAnswerCannotBringAnotherText() {
        String smuggled = GoldenBytes.SECOND_REQUEST.substring(GoldenBytes.SECOND_REQUEST.indexOf("example.com"));
        assertThat(cosigned(smuggled + GoldenBytes.SECOND_ANSWER)).isInstanceOf(Unusable.class);
        assertThat(cosigned("\n" + GoldenBytes.FIRST_ANSWER)).isInstanceOf(Unusable.class);
    }

    @Test
    void aTimeThatHasNotComeIsUnusable() {
        NoteSigner witness = NoteSigner.generate("w", KeyType.COSIGNATURE_V1, ahead(WitnessAnswers.AHEAD));
        WitnessAnswers own = new WitnessAnswers(witness.key(), GoldenBytes.CLOCK);
        assertThat(own.outcome(NOTE, 200, "", line(witness).getBytes(UTF_8))).isInstanceOf(Cosigned.class);
        WitnessAnswers earlier = new WitnessAnswers(witness.key(), ahead(Duration.ofSeconds(-1)));
        assertThat(earlier.outcome(NOTE, 200, "", line(witness).getBytes(UTF_8)))
                .isInstanceOf(Unusable.class);
        NoteSigner last = NoteSigner.generate("w", KeyType.COSIGNATURE_V1, Clock.fixed(Instant.MAX, ZoneOffset.UTC));
        assertThat(new WitnessAnswers(last.key(), GoldenBytes.CLOCK)
                        .outcome(NOTE, 200, "", line(last).getBytes(UTF_8)))
                .isInstanceOf(Unusable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "text", "text\n", "\u2014 witness.example/w1 AAAA\n", "\u2014\n", "\u0000\n"})
    void whatIsNoSignatureIsUnusable(String body) {
        assertThat(cosigned(body)).isInstanceOf(Unusable.class);
    }

    @Test
    void theSizeThatTheWitnessHasIsRead() {
        assertThat(outcome(409, SIZE, "20852014\n")).isEqualTo(new OtherSize(20_852_014));
        assertThat(outcome(409, SIZE, "0\n")).isEqualTo(new OtherSize(0));
        assertThat(outcome(409, "Text/X.tlog.size; charset=utf-8", "7\n")).isEqualTo(new OtherSize(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "07\n", "-7\n", "7\n\n", " 7\n", "9999999999999999999\n", "seven\n"})
    void whatIsNoSizeIsUnusable(String body) {
        assertThat(outcome(409, SIZE, body)).isInstanceOf(Unusable.class);
    }

    @Test
    void otherStatusesAreRefusals() {
        assertThat(outcome(409, "text/plain", "another root\n")).isEqualTo(new Refused(409, "another root"));
        assertThat(outcome(404, SIZE, "7\n")).isEqualTo(new Refused(404, "7"));
        assertThat(outcome(302, "", "")).isEqualTo(new Refused(302, ""));
        assertThat(outcome(500, "", "a\tb\u001b[31m\u00e9\nsecond")).isEqualTo(new Refused(500, "a?b?[31m??"));
        assertThat(((Refused) outcome(503, "", "x".repeat(9999))).why()).hasSize(200);
    }
}
