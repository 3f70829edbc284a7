package io.palimpsest.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ledger.log.TransparencyLog;
import io.palimpsest.ledger.witness.TrustedLogs;
import io.palimpsest.ledger.witness.Witness;
import io.palimpsest.ledger.witness.WitnessMemory;
import io.palimpsest.ledger.witness.WitnessServer;
import io.palimpsest.platform.config.LedgerSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WitnessRoundsTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    private Path folder;

    private final NoteSigner signer = NoteSigner.generate("log.test", KeyType.ED25519, CLOCK);
    private final NoteSigner witness = NoteSigner.generate("witness.test", KeyType.COSIGNATURE_V1, CLOCK);

    @Test
    void theNewestCheckpointThatAQuorumHasCosignedIsKeptOverAStart() throws Exception {
        try (WitnessServer server = server();
                TransparencyLog log = log();
                WitnessRounds rounds =
                        new WitnessRounds(log, settings(server.prefix().toString()), CLOCK)) {
            assertThat(rounds.areAwaited()).isTrue();
            rounds.start();
            log.append(List.of("one".getBytes(UTF_8)));
            cosigned(log, 1);
            log.append(List.of("two".getBytes(UTF_8), "three".getBytes(UTF_8)));
            cosigned(log, 3);
        }
        try (TransparencyLog log = log()) {
            assertThat(log.witnessed().orElseThrow().note().verified(Set.of(witness.key(), signer.key())))
                    .hasSize(2);
        }
    }

    @Test
    void withoutAWitnessTheLogGoesOn() throws Exception {
        try (TransparencyLog log = log();
                WitnessRounds rounds = new WitnessRounds(log, settings("http://127.0.0.1:1"), CLOCK)) {
            rounds.start();
            assertThat(log.append(List.of(new byte[1]))).isZero();
            assertThat(log.witnessed()).isEmpty();
        }
    }

    @Test
    void whatIsNoWitnessIsRefused() {
        try (TransparencyLog log = log()) {
            LedgerSettings wrong = settings(Map.of("ledger.witnesses", "nobody"));
            assertThatThrownBy(() -> new WitnessRounds(log, wrong, CLOCK))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                    .hasMessageContaining("ledger.witnesses");
        }
        assertThatThrownBy(() -> settings(Map.of("ledger.witness.quorum", "1")))
                .hasMessageContaining("ledger.witness.quorum");
    }

    private void cosigned(TransparencyLog log, long size) throws InterruptedException {
        Condition.await(
                () -> log.witnessed().filter(head -> head.treeSize() == size).isPresent(),
                Duration.ofSeconds(30),
                Duration.ofMillis(20));
    }

    private TransparencyLog log() {
        return TransparencyLog.open(
                folder.resolve("log"),
                new TransparencyLog.Identity("log.test", List.of(signer), List.of()),
                Duration.ofSeconds(1));
    }

    private LedgerSettings settings(String address) {
        return settings(Map.of(
                "ledger.witnesses", witness.key().text() + " " + address,
                "ledger.witness.quorum", "1",
                "ledger.witness.every", "PT0.05S"));
    }

    private static LedgerSettings settings(Map<String, String> given) {
        return Settings.load(given).ledger();
    }

    private WitnessServer server() {
        return new WitnessServer(
                new Witness(TrustedLogs.parse(List.of(signer.key().text())), witness, memory()),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private WitnessMemory memory() {
        return io.palimpsest.ledger.witness.FileWitnessMemory.open(
                folder.resolve("witness"), io.palimpsest.ledger.witness.FileWitnessMemory.Expected.EITHER);
    }
}
