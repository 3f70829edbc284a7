package io.palimpsest.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.Tile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TransparencyLogTest {
    @TempDir
    private Path directory;

    @Test
    void everyEntryIsReadAndProvenAgainstTheCheckpoint() throws Exception {
        try (TransparencyLog log = Logs.open(directory)) {
            for (long size : new long[] {1, 2, 255, 256, 257, 600, 700}) {
                long before = log.head().treeSize();
                assertThat(log.append(Logs.entries(before, size))).isEqualTo(before);
                Checkpoint head = log.head().checkpoint();
                assertThat(head.treeSize()).isEqualTo(size);
                for (long i = 0; i < size; i++) {
                    byte[] entry = log.entry(i);
                    assertThat(new String(entry, UTF_8)).isEqualTo("entry " + i);
                    log.tree().inclusion(i, size).verify(Hash.leaf(entry), head.rootHash());
                }
            }
        }
    }

    @Test
    void aLogGoesOnWhereItEnded() throws Exception {
        List<Checkpoint> heads = new ArrayList<>();
        for (long size : new long[] {0, 3, 256, 511, 1000}) {
            Logs.make(directory, size);
            try (TransparencyLog log = Logs.open(directory)) {
                heads.add(log.head().checkpoint());
            }
        }
        try (TransparencyLog log = Logs.open(directory)) {
            for (Checkpoint head : heads) {
                log.tree()
                        .consistency(head.treeSize(), 1000)
                        .verify(head.rootHash(), log.head().checkpoint().rootHash());
            }
        }
    }

    @Test
    void narrowTilesStayReadableAfterTheyHaveGrown() {
        try (TransparencyLog log = Logs.open(directory)) {
            log.append(Logs.entries(0, 10));
            byte[] hashes = log.read(new Tile(0, 0, 10));
            byte[] bundle = log.read(new Tile(Tile.ENTRIES, 0, 10));
            for (long size : new long[] {20, 256, 300, 400}) {
                log.append(Logs.entries(log.head().treeSize(), size));
                assertThat(log.read(new Tile(0, 0, 10))).isEqualTo(hashes);
                assertThat(log.read(new Tile(Tile.ENTRIES, 0, 10))).isEqualTo(bundle);
            }
            assertThatThrownBy(() -> log.read(new Tile(0, 2, 1))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> log.read(new Tile(0, 1, 200))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void onlyOneWrites() {
        try (TransparencyLog log = Logs.open(directory)) {
            refused(ErrorCode.LEDGER_TAKEN, () -> Logs.open(directory));
            assertThat(log.append(Logs.entries(0, 1))).isZero();
        }
        Logs.open(directory).close();
    }

    @Test
    void aStartThatFailsLetsGoOfTheDirectory() {
        for (int steps = 0; steps < 3; steps++) {
            BreakingDisk disk = new BreakingDisk(steps);
            assertThatThrownBy(() -> TransparencyLog.open(directory, Logs.IDENTITY, Logs.LONG, disk))
                    .isInstanceOf(BreakingDisk.Killed.class);
        }
        Logs.open(directory).close();
    }

    @Test
    void whoeverWasOvertakenPublishesNothing() throws IOException {
        Logs.make(directory, 5);
        Path other = directory.resolve("other");
        Logs.make(other, 5, 7);
        try (TransparencyLog log = Logs.open(directory)) {
            Files.copy(
                    other.resolve("checkpoint"),
                    directory.resolve("checkpoint"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            refused(ErrorCode.LEDGER_TAKEN, () -> log.append(Logs.entries(5, 6)));
        }
    }

    @Test
    void anotherKeyOrNameIsAnotherLog() {
        Logs.make(directory, 5);
        TransparencyLog.Identity stranger =
                Logs.identity(NoteSigner.generate("log.test", KeyType.ED25519, Clock.systemUTC()));
        refused(ErrorCode.LEDGER_DAMAGED, () -> TransparencyLog.open(directory, stranger, Logs.LONG));
        TransparencyLog.Identity renamed = new TransparencyLog.Identity("other", List.of(Logs.SIGNER), List.of());
        refused(ErrorCode.LEDGER_DAMAGED, () -> TransparencyLog.open(directory, renamed, Logs.LONG));
    }

    @Test
    void aNewKeyTakesOverFromTheOneBefore() throws Exception {
        Logs.make(directory, 5);
        NoteSigner next = NoteSigner.generate("log.test", KeyType.ED25519, Clock.systemUTC());
        List<io.palimpsest.verifier.note.NoteKey> both = List.of(Logs.SIGNER.key(), next.key());
        TransparencyLog.Identity crossing =
                new TransparencyLog.Identity("log.test", List.of(next, Logs.SIGNER), List.of());
        try (TransparencyLog log = TransparencyLog.open(directory, crossing, Logs.LONG)) {
            log.append(Logs.entries(5, 6));
            assertThat(log.head().note().verified(both)).containsExactlyInAnyOrderElementsOf(both);
        }
        TransparencyLog.Identity after =
                new TransparencyLog.Identity("log.test", List.of(next), List.of(Logs.SIGNER.key()));
        try (TransparencyLog log = TransparencyLog.open(directory, after, Logs.LONG)) {
            log.append(Logs.entries(6, 7));
            assertThat(log.head().note().verified(both)).containsExactly(next.key());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 256, 600})
    void anyChangedOrLostFileIsFoundAtTheStart(long size) throws IOException {
        Logs.make(directory, size / 2, size);
        for (Path file : files()) {
            byte[] whole = Files.readAllBytes(file);
            Random random = new Random(size);
            for (int i = 0; i < 20; i++) {
                byte[] changed = whole.clone();
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, changed);
                damaged(file);
            }
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
            damaged(file);
            Files.write(file, new byte[0]);
            damaged(file);
            Files.delete(file);
            damaged(file);
            Files.write(file, whole);
            Logs.open(directory).close();
        }
    }

    @Test
    void aTileOfAnUpperLevelOrAnOldOneIsFoundToo() throws IOException {
        Logs.make(directory, 66_000);
        for (String name :
                new String[] {"tile/0/100", "tile/entries/100", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"}) {
            Path file = directory.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            byte[] changed = whole.clone();
            changed[whole.length / 2] ^= 1;
            Files.write(file, changed);
            damaged(file);
            Files.write(file, whole);
        }
        Logs.open(directory).close();
    }

    @Test
    void whatTheStartLeavesOutIsFoundLater() throws IOException {
        Logs.make(directory, 66_000);
        Path old = directory.resolve("tile/entries/000");
        byte[] changed = Files.readAllBytes(old);
        changed[5] ^= 1;
        Files.write(old, changed);
        try (TransparencyLog log = TransparencyLog.open(directory, Logs.IDENTITY, Duration.ZERO)) {
            LogCheck check = log.check();
            refused(ErrorCode.LEDGER_DAMAGED, () -> check.leavesAgree(0, () -> true));
        }
    }

    @Test
    void aFullDiskPublishesNothingAndIsTriedAgain() {
        Logs.make(directory, 300);
        FullDisk disk = new FullDisk();
        try (TransparencyLog log = TransparencyLog.open(directory, Logs.IDENTITY, Logs.LONG, disk)) {
            disk.refuses = Refused.TILES;
            refused(ErrorCode.LEDGER_UNAVAILABLE, () -> log.append(Logs.entries(300, 900)));
            assertThat(log.head().treeSize()).isEqualTo(300);
            disk.refuses = Refused.NOTHING;
            assertThat(log.append(Logs.entries(300, 900))).isEqualTo(300);
        }
        Logs.open(directory).close();
    }

    @Test
    void aCheckpointThatMayHaveBeenPublishedIsLookedAt() {
        Logs.make(directory, 300);
        FullDisk disk = new FullDisk();
        try (TransparencyLog log = TransparencyLog.open(directory, Logs.IDENTITY, Logs.LONG, disk)) {
            disk.refuses = Refused.LAST_SYNC;
            refused(ErrorCode.LEDGER_UNAVAILABLE, () -> log.append(Logs.entries(300, 400)));
            disk.refuses = Refused.NOTHING;
            log.settle();
            assertThat(log.head().treeSize()).isEqualTo(400);
            disk.refuses = Refused.CHECKPOINT;
            refused(ErrorCode.LEDGER_UNAVAILABLE, () -> log.append(Logs.entries(400, 500)));
            disk.refuses = Refused.NOTHING;
            assertThat(log.append(Logs.entries(400, 410))).isEqualTo(400);
        }
        Logs.open(directory).close();
    }

    private enum Refused {
        NOTHING,
        TILES,
        CHECKPOINT,
        LAST_SYNC
    }

    private final class FullDisk implements Disk {
        private Refused refuses = Refused.NOTHING;

        @Override
        public void write(Path file, byte[] bytes) throws IOException {
            refuse(file.endsWith("checkpoint") ? Refused.CHECKPOINT : Refused.TILES);
            Disk.REAL.write(file, bytes);
        }

        @Override
        public void sync(Path synced) throws IOException {
            if (synced.equals(directory)) {
                refuse(Refused.LAST_SYNC);
            }
            Disk.REAL.sync(synced);
        }

        private void refuse(Refused what) throws IOException {
            if (refuses == what) {
                throw new IOException("No space left on device");
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock"))
                    .filter(file -> !isNarrower(file))
                    .toList();
        }
    }

    /** The one before it stays for those who are just reading it. */
    private boolean isNarrower(Path file) {
        return Tile.parse(directory.relativize(file).toString())
                .filter(tile -> {
                    try (TransparencyLog log = Logs.open(directory)) {
                        return Tile.in(log.head().treeSize(), tile.level(), tile.index())
                                .filter(tile::equals)
                                .isEmpty();
                    }
                })
                .isPresent();
    }

    private void damaged(Path file) {
        assertThatThrownBy(() -> Logs.open(directory).close())
                .as(file.toString())
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEDGER_DAMAGED));
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
