package io.palimpsest.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.verifier.Verification;
import io.palimpsest.verifier.audit.LogAudit;
import io.palimpsest.verifier.audit.LogPlace;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Tile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody finds who has nothing but the files of a log, its key, and a checkpoint of earlier. */
final class LogAuditTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 255, 256, 257, 700})
    void aWholeLogHoldsAndContinuesEveryCheckpointOfEarlier(long size) throws Exception {
        Path log = folder.resolve("log");
        List<SignedNote> earlier = new ArrayList<>();
        for (long to : new long[] {0, size / 3, size / 2, size}) {
            Logs.make(log, to);
            earlier.add(SignedNote.parse(Files.readAllBytes(log.resolve("checkpoint"))));
        }
        assertThat(audit(log, earlier)).isEqualTo(size);
    }

    @Test
    void anyChangedEntryIsFound() throws IOException {
        Path log = folder.resolve("log");
        Logs.make(log, 300);
        Path bundle = log.resolve(new Tile(Tile.ENTRIES, 0, Tile.WIDTH).path());
        byte[] changed = Files.readAllBytes(bundle);
        changed[4] ^= 1;
        Files.write(bundle, changed);
        refused(log, List.of(), "the entries are not those");
        Files.write(bundle, java.util.Arrays.copyOf(changed, changed.length - 1));
        refused(log, List.of(), "is torn");
        Files.delete(bundle);
        refused(log, List.of(), "is missing");
    }

    @Test
    void aHistoryThatTheLogItselfHasRewrittenIsFoundByWhoKeptACheckpoint() throws Exception {
        Path log = folder.resolve("log");
        Logs.make(log, 300);
        SignedNote kept = SignedNote.parse(Files.readAllBytes(log.resolve("checkpoint")));
        Path other = folder.resolve("other");
        try (TransparencyLog rewritten = Logs.open(other)) {
            List<byte[]> entries = new ArrayList<>(Logs.entries(0, 400));
            entries.set(7, new byte[1]);
            rewritten.append(entries);
        }
        assertThat(audit(other, List.of())).as("to who has seen nothing before").isEqualTo(400);
        refused(other, List.of(kept), "history was rewritten");
        Path shorter = folder.resolve("shorter");
        Logs.make(shorter, 200);
        refused(shorter, List.of(kept), "some are gone");
        SignedNote forked;
        Path fork = folder.resolve("fork");
        try (TransparencyLog log300 = Logs.open(fork)) {
            log300.append(List.copyOf(Logs.entries(1, 301)));
            forked = log300.head().note();
        }
        refused(log, List.of(kept, forked), "two different checkpoints");
    }

    @Test
    void itIsToldToPeople() throws IOException {
        Path log = folder.resolve("log");
        Logs.make(log, 3);
        Path kept = Files.copy(log.resolve("checkpoint"), folder.resolve("kept"));
        Logs.make(log, 9);
        Verification verification =
                Verification.ofLog(log.toString(), List.of(Logs.SIGNER.key().text()), List.of(kept), entries -> {});
        assertThat(verification.holds()).isTrue();
        assertThat(String.join("\n", verification.lines())).contains("all 9 entries", "1 earlier checkpoint");
    }

    private static long audit(Path log, List<SignedNote> earlier) throws Exception {
        return new LogAudit(LogPlace.of(log.toString()), "log.test", List.of(Logs.SIGNER.key()))
                .run(earlier, entries -> {})
                .treeSize();
    }

    private static void refused(Path log, List<SignedNote> earlier, String why) {
        assertThatThrownBy(() -> audit(log, earlier))
                .isInstanceOf(InvalidProofException.class)
                .hasMessageContaining(why);
    }
}
