package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.testkit.fault.FaultProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Temporal that keeps its connections and says nothing, or little: it is named, people go on searching, and what was asked
 * meanwhile is done once. One that is killed: TemporalAwayST.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class TemporalMuteST {
    private static final int JUDGED = 20;
    /** Of somebody who asks, on a busy machine. */
    private static final Duration ANSWER = Duration.ofSeconds(30);

    @TempDir
    private Path work;

    @Test
    void aServerThatSaysNothingIsNamedAndWhatWasAskedMeanwhileIsDoneOnce() throws Exception {
        NearWords world = new NearWords(JUDGED, 13);
        Path dataDir = Files.createDirectories(work.resolve("data"));
        ShellTrainer trainer = ShellTrainer.ofNothing(work.resolve("trainer"));
        try (TemporalProcess temporal = TemporalProcess.start(work.resolve("temporal"));
                FaultProxy proxy = before(temporal);
                IndexDoor door = new IndexDoor(dataDir);
                House house = House.start(dataDir, settings(dataDir, trainer, proxy, door), HalfBlind.factory())) {
            ApiClient client = house.client();
            world.publishFirst(client, JUDGED);
            String waiting = RunCalls.begin(client, Map.of("name", "waiting", "trainer", "command", "labels", 1_000));

            proxy.stall();
            House.until(() -> {
                var health = house.get("/health/ready", house.palimpsest.key());
                return health.statusCode() == 503
                        && health.body().contains("Temporal at 127.0.0.1:" + proxy.port() + " does not answer");
            });
            long begin = System.nanoTime();
            assertThatThrownBy(() -> RunCalls.begin(client, Map.of("name", "meanwhile", "trainer", "command")))
                    .hasMessageContaining("PAL-721");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(ANSWER);
            String meanwhile = RunCalls.other(client, waiting);
            RunCalls.cancel(client, meanwhile);
            assertThat(house.found("keyword", world.text(5))).first().isEqualTo(NearWords.id(5));

            proxy.heal();
            proxy.slow(100);
            house.untilReady();
            RunCalls.cancel(client, waiting);
            assertThat(RunCalls.ended(client, meanwhile).path("outcome").asText())
                    .isEqualTo("CANCELLED");
            assertThat(RunCalls.ended(client, waiting).path("outcome").asText()).isEqualTo("CANCELLED");
            House.until(() -> ended(house) == 2);
        }
    }

    private static long ended(House house) {
        return house.ledger().stream()
                .filter(entry -> entry.type() == LedgerEntry.Type.RUN_ENDED)
                .map(LedgerEntry::entryId)
                .distinct()
                .count();
    }

    private static FaultProxy before(TemporalProcess temporal) {
        String address = temporal.address();
        int colon = address.indexOf(':');
        return new FaultProxy(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    private static Map<String, String> settings(Path dataDir, ShellTrainer trainer, FaultProxy proxy, IndexDoor door) {
        Map<String, String> all = new HashMap<>(RunCalls.settings(dataDir, trainer, door));
        all.put("temporal.address", "127.0.0.1:" + proxy.port());
        return all;
    }
}
