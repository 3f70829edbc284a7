package io.palimpsest.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of tampering is found by our code and by Go's, both in the same part of the evidence. */
final class TamperingIT {
    private static final long SIZE = 70_000;

    @TempDir
    private static Path shared;

    private static Evidence genuine;
    private static String fingerprint;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void aLogThatWasSeenAsItGrew() throws IOException {
        genuine = new Evidence(shared.resolve("log"));
        try (TransparencyLog log = Logs.open(genuine.log)) {
            for (long size : new long[] {300, 66_000, 69_950, SIZE}) {
                log.append(Records.events(log.head().treeSize(), size));
                genuine.earlier.add(log.head().note().bytes());
            }
            genuine.prove(log, List.of(5L, 255L, 256L, 65_535L, 65_536L, 69_990L, 69_999L), genuine.sizes());
        }
        genuine.earlier.remove(3);
        fingerprint = genuine.fingerprint();
    }

    static Stream<Tampering> kinds() {
        return Stream.of(
                        FileTampering.values(),
                        CheckpointTampering.values(),
                        HistoryTampering.values(),
                        ProofTampering.values())
                .flatMap(Arrays::stream);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindIsFound(Tampering kind) throws IOException {
        Evidence evidence = tampered(kind);
        assertThat(evidence.fingerprint()).as("bytes were changed").isNotEqualTo(fingerprint);
        Verdict ours = OurAuditor.audit(evidence);
        assertThat(ours.finding()).as(ours.word()).isEqualTo(kind.foundIn());
        if (kind.foundIn() == Finding.CHECKPOINT) {
            assertThatThrownBy(() -> Logs.open(evidence.log).close())
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEDGER_DAMAGED));
        }
        Verdict gos = GoAuditor.built().audit(evidence, temporary.resolve("work"));
        assertThat(gos.finding()).as(gos.word()).isEqualTo(kind.foundIn());
    }

    @AfterAll
    static void theGenuineLogIsWhatItWas() throws IOException {
        assertThat(genuine.fingerprint()).isEqualTo(fingerprint);
    }

    @Test
    void whatWasNotTamperedWithIsNotAccused() throws IOException {
        Evidence evidence = genuine.copy(temporary.resolve("log"));
        assertThat(evidence.fingerprint()).isEqualTo(fingerprint);
        bothSay(Finding.NOTHING, evidence);
    }

    /** So that it is the earlier checkpoint, and nothing else, by which it is found. */
    @ParameterizedTest
    @EnumSource(HistoryTampering.class)
    void anotherHistoryIsPerfectToWhoeverHasSeenNothing(HistoryTampering kind) throws IOException {
        Evidence evidence = tampered(kind);
        evidence.earlier.clear();
        evidence.entries.clear();
        evidence.inclusions.clear();
        evidence.consistencies.clear();
        bothSay(Finding.NOTHING, evidence);
    }

    private Evidence tampered(Tampering kind) throws IOException {
        Evidence evidence = genuine.copy(temporary.resolve("log"));
        kind.by(new Forger(evidence, SIZE));
        return evidence;
    }

    private void bothSay(Finding finding, Evidence evidence) throws IOException {
        Verdict ours = OurAuditor.audit(evidence);
        assertThat(ours.finding()).as(ours.word()).isEqualTo(finding);
        assertThat(GoAuditor.built().audit(evidence, temporary.resolve("work"))).isEqualTo(ours);
    }
}
