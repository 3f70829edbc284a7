package io.palimpsest.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.tlog.Tile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Go's own code for transparency logs accepts our checkpoints, tiles, entries and proofs as they are. */
final class GoVerifierIT {
    private static GoAuditor go;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void compiles() throws IOException {
        go = GoAuditor.built();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 255, 256, 257, 65_536, 70_000})
    void aLogMadeAtOnceIsVerified(long size) throws IOException {
        Evidence evidence = new Evidence(temporary.resolve("log"));
        grow(evidence, size);
        verified(evidence);
    }

    @Test
    void aLogThatGrowsIsVerifiedAtEachStepAgainstAllBefore() throws IOException {
        Evidence evidence = new Evidence(temporary.resolve("log"));
        for (long size : new long[] {0, 1, 2, 3, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000}) {
            grow(evidence, size);
            verified(evidence);
        }
    }

    @Test
    void aLogOfManySmallStepsIsVerified() throws IOException {
        Evidence evidence = new Evidence(temporary.resolve("log"));
        Random random = new Random(6);
        for (long size = 1; size < 1500; size += 1 + random.nextInt(60)) {
            grow(evidence, size);
        }
        verified(evidence);
    }

    @Test
    void aLogIsVerifiedOverHttp() throws IOException {
        Evidence evidence = new Evidence(temporary.resolve("log"));
        for (long size : new long[] {300, 5_000}) {
            grow(evidence, size);
        }
        prove(evidence);
        HttpServer server = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                evidence.log,
                SimpleFileServer.OutputLevel.NONE);
        server.start();
        try {
            String prefix = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            assertThat(overHttp(evidence, prefix)).isEqualTo(expected(evidence));
            Files.delete(evidence.log.resolve(new Tile(0, 7, Tile.WIDTH).path()));
            assertThat(overHttp(evidence, prefix).finding()).isEqualTo(Finding.FILES);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void eitherKeyVerifiesWhileOneTakesOverFromTheOtherAndWitnessesDoNotDisturb() throws IOException {
        Evidence evidence = new Evidence(temporary.resolve("log"));
        grow(evidence, 300);
        prove(evidence);
        NoteSigner next = NoteSigner.generate("log.test", KeyType.ED25519, Clock.systemUTC());
        NoteSigner witness = NoteSigner.generate("witness.test", KeyType.COSIGNATURE_V1, Clock.systemUTC());
        TransparencyLog.Identity crossing =
                new TransparencyLog.Identity("log.test", List.of(next, Logs.SIGNER), List.of());
        try (TransparencyLog log = TransparencyLog.open(evidence.log, crossing, Logs.LONG)) {
            log.append(Records.odd(300, 400));
            log.keepWitnessed(log.head()
                    .note()
                    .with(List.of(witness.sign(log.head().note().text()))));
        }
        Files.copy(
                evidence.log.resolve(LogFiles.WITNESSED),
                evidence.log.resolve(LogFiles.CHECKPOINT),
                StandardCopyOption.REPLACE_EXISTING);
        Path work = temporary.resolve("work");
        String log = evidence.log.toString();
        Verdict expected = expected(evidence);
        assertThat(go.audit(evidence, work, log, Logs.SIGNER.key())).isEqualTo(expected);
        assertThat(go.audit(evidence, work, log, next.key(), Logs.SIGNER.key())).isEqualTo(expected);
        evidence.earlier.clear();
        evidence.inclusions.clear();
        assertThat(go.audit(evidence, work, log, next.key())).isEqualTo(expected);
    }

    /** Appends, and keeps the checkpoint for later. */
    private static void grow(Evidence evidence, long size) {
        try (TransparencyLog log = Logs.open(evidence.log)) {
            log.append(Records.odd(log.head().treeSize(), size));
            evidence.earlier.add(log.head().note().bytes());
        }
    }

    /** Adds to the evidence what the log can prove now. */
    private static void prove(Evidence evidence) {
        evidence.inclusions.clear();
        evidence.consistencies.clear();
        try (TransparencyLog log = Logs.open(evidence.log)) {
            evidence.prove(log, leaves(log.head().treeSize()), evidence.sizes());
        }
    }

    /** All of a small log; of a large one those about the borders of tiles, and some others. */
    private static Set<Long> leaves(long size) {
        Random random = new Random(size);
        Set<Long> leaves = new TreeSet<>();
        LongStream.of(0, 256, 512, 65_536, size)
                .flatMap(border -> LongStream.rangeClosed(border - 2, border + 2))
                .forEach(leaves::add);
        (size <= 300 ? LongStream.range(0, size) : random.longs(20, 0, size)).forEach(leaves::add);
        leaves.removeIf(leaf -> leaf < 0 || leaf >= size);
        return leaves;
    }

    private void verified(Evidence evidence) throws IOException {
        prove(evidence);
        assertThat(go.audit(evidence, temporary.resolve("work"))).isEqualTo(expected(evidence));
        assertThat(OurAuditor.audit(evidence)).isEqualTo(expected(evidence));
    }

    private Verdict overHttp(Evidence evidence, String prefix) throws IOException {
        return go.audit(evidence, temporary.resolve("work"), prefix, Logs.SIGNER.key());
    }

    private static Verdict expected(Evidence evidence) throws IOException {
        return new Verdict(Finding.NOTHING, OurAuditor.ok(evidence.head()));
    }
}
