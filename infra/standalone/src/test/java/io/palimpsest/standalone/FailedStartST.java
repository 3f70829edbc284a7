package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.Settings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that fails late, with its services half started, lets the process end. */
final class FailedStartST {
    @TempDir
    private Path dataDir;

    @Test
    void startThatFindsItsPortTakenLeavesNothingRunning() throws Exception {
        Set<Thread> before = lasting();
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Settings settings = Settings.load(Map.of(
                    "data.dir", dataDir.toString(),
                    "http.port", Integer.toString(other.getLocalPort()),
                    "kafka.embedded.port", "0"));

            assertThatThrownBy(() -> {
                        try (Palimpsest started = Palimpsest.start(settings, KillableNode.cheapEmbedder())) {
                            System.out.println(started.api());
                        }
                    })
                    .isInstanceOfSatisfying(
                            PalimpsestException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PORT_TAKEN));
        }

        House.until(() -> {
            Set<Thread> left = lasting();
            left.removeAll(before);
            assertThat(left.stream().map(Thread::getName)).isEmpty();
            return true;
        });
    }

    /** Those that keep a process from ending. */
    private static Set<Thread> lasting() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon())
                .collect(Collectors.toCollection(HashSet::new));
    }
}
