package io.palimpsest.platform.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.config.TemporalSettings;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.testkit.engine.Certificates;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.TemporalEngine;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;

/** Against a real server: what answers is used, what cannot be used is named, and soon. */
@NeedsEngine(EngineKind.TEMPORAL)
final class TemporalConnectionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TemporalEngine temporal;

    TemporalConnectionIT(TemporalEngine temporal) {
        this.temporal = temporal;
    }

    @Test
    void aServerWithTheNamespaceIsUsed() {
        try (TemporalConnection connection = TemporalConnection.open(settings(Map.of()))) {
            assertThat(connection.serverVersion()).matches("1\\..*");
            assertThat(connection.namespace()).isEqualTo("default");
            assertThat(connection.healthy()).isTrue();
        }
    }

    @Test
    void searchAttributesAreAddedOnceAndKnownFromThenOn() {
        for (int start = 0; start < 2; start++) {
            try (TemporalConnection connection =
                    TemporalConnection.open(settings(Map.of()), List.of("PalimpsestStage", "PalimpsestModel"))) {
                assertThat(connection.hasKeywords()).isTrue();
                assertThat(connection.advice()).isEmpty();
            }
        }
    }

    @Test
    void aNamespaceThatIsNotThereIsNamedWithTheCommandThatMakesIt() {
        refused(
                Map.of("temporal.namespace", "no-such-namespace"),
                "has no namespace \"no-such-namespace\"",
                "temporal operator namespace create no-such-namespace",
                temporal.target());
    }

    @Test
    void tlsToAPlaintextPortIsNamed(@TempDir Path folder) {
        refused(
                Map.of(
                        "temporal.tls.ca.file",
                        Certificates.make(folder).authority().toString()),
                "speaks plaintext there",
                temporal.target());
    }

    @Test
    void nobodyAtTheAddressEndsInTime() {
        unavailable("127.0.0.1:9", "does not answer", "127.0.0.1:9");
        unavailable("no-such-host.invalid:7233", "does not answer", "the name is unknown");
    }

    @Test
    void aServerThatAcceptsAndSaysNothingEndsInTime() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            unavailable("127.0.0.1:" + mute.getLocalPort(), "does not answer");
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> TemporalConnection.open(settings(Map.of("temporal.tls.ca.file", "/absent.pem"))))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("temporal.tls.ca.file")
                .hasMessageContaining("/absent.pem");
    }

    @Test
    void aServerThatWasKilledIsSeen() throws Exception {
        try (TemporalEngine own = TemporalEngine.startContainer();
                TemporalConnection connection =
                        TemporalConnection.open(settings(Map.of("temporal.address", own.target())))) {
            GenericContainer<?> container = own.container().orElseThrow();
            container
                    .getDockerClient()
                    .killContainerCmd(container.getContainerId())
                    .exec();
            assertThat(Condition.await(() -> !connection.healthy(), PATIENCE, Duration.ofMillis(50)))
                    .as("seen as away")
                    .isTrue();
        }
    }

    private void refused(Map<String, String> given, String... says) {
        assertThatThrownBy(() -> TemporalConnection.open(settings(given)))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TEMPORAL_REFUSED))
                .hasMessageContainingAll(says);
    }

    private void unavailable(String address, String... says) {
        long begin = System.nanoTime();
        assertThatThrownBy(() -> TemporalConnection.open(settings(Map.of("temporal.address", address))))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TEMPORAL_UNAVAILABLE))
                .hasMessageContainingAll(says);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }

    private TemporalSettings settings(Map<String, String> given) {
        Map<String, String> all =
                new HashMap<>(Map.of("temporal.address", temporal.target(), "temporal.start.timeout", "PT3S"));
        all.putAll(given);
        return Settings.load(all).temporal();
    }
}
