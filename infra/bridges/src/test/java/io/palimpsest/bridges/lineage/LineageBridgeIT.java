package io.palimpsest.bridges.lineage;

import static io.palimpsest.bridges.BridgeWorld.MODEL;
import static io.palimpsest.bridges.BridgeWorld.entry;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.openlineage.client.OpenLineageClientUtils;
import io.palimpsest.bridges.BridgeWorld;
import io.palimpsest.bridges.BridgesApp;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.platform.telemetry.Health;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker: nothing is lost where the lineage server is away or the process ends, and what comes twice counts once. */
final class LineageBridgeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WIKI = "https://wiki.example.org";

    private BridgeWorld world;
    private LineageServer server;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        world = new BridgeWorld(folder);
        server = new LineageServer();
    }

    @AfterEach
    void stop() {
        server.close();
        world.close();
    }

    @Test
    void ingestionBuildAndTrainingArriveAndNameNoDocument() throws Exception {
        try (BridgesApp bridges = world.bridges(http())) {
            bridges.start();
            sayAll();
            for (int i = 0; i < 20; i++) {
                world.accept(i, i < 15 ? WIKI : "/folder");
            }
            until(() -> jobs().size() == 6 && changes() == 20);
        }
        assertThat(jobs())
                .containsExactlyInAnyOrder(
                        "acme/handbook/index-build",
                        "acme/handbook/fine-tune",
                        "acme/handbook/fine-tune/training-set",
                        "acme/handbook/fine-tune/train",
                        "acme/handbook/ingest/" + WIKI,
                        "acme/handbook/ingest//folder");
        assertThat(server.key).isEqualTo("Bearer topsecret");
        assertThat(server.taken()).allSatisfy(event -> {
            assertThat(event.getEventTime()).isNotNull();
            assertThat(event.getProducer()).hasToString("urn:palimpsest:bridges");
            assertThat(event.getSchemaURL()).asString().startsWith("https://openlineage.io/spec/");
            assertThat(OpenLineageClientUtils.toJson(event)).doesNotContain("urn:secret", "change-", "topsecret");
        });
        RunEvent trained = last("acme/handbook/fine-tune/train");
        assertThat(trained.getEventType()).isEqualTo(EventType.COMPLETE);
        assertThat(trained.getOutputs().getFirst().getName() + "/"
                        + trained.getOutputs()
                                .getFirst()
                                .getFacets()
                                .getVersion()
                                .getDatasetVersion())
                .isEqualTo("model/" + MODEL);
        assertThat(trained.getInputs().getFirst().getFacets().getVersion().getDatasetVersion())
                .isEqualTo(BridgeWorld.SNAPSHOT);
        assertThat(trained.getRun().getFacets().getParent().getRun().getRunId())
                .isEqualTo(last("acme/handbook/fine-tune").getRun().getRunId());
        assertThat(last("acme/handbook/index-build")
                        .getOutputs()
                        .getFirst()
                        .getOutputFacets()
                        .getOutputStatistics()
                        .getRowCount())
                .isEqualTo(42);
    }

    @Test
    void nothingIsLostOrCountedTwiceWhileTheServerIsAwayAndOverRestarts() throws Exception {
        server.answer = event -> 503;
        try (BridgesApp bridges = world.bridges(http())) {
            bridges.start();
            sayAll();
            for (int i = 0; i < 10; i++) {
                world.accept(i, WIKI);
            }
            // The client asks once more by itself before a request has failed.
            until(() -> server.asked.get() >= 3 && lineage().detail().contains("PAL-926"));
            assertThat(lineage().ready()).isTrue();
        }
        assertThat(server.taken()).isEmpty();

        // Takes the window's START and then breaks: the window is told again after the restart, and is the same run.
        server.answer = event -> event.getEventType() == EventType.START ? 201 : 500;
        try (BridgesApp bridges = world.bridges(http())) {
            bridges.start();
            until(() -> server.taken().stream()
                    .anyMatch(event -> event.getJob().getName().contains("/ingest/")));
        }
        world.accept(10, WIKI);
        server.answer = event -> 201;
        try (BridgesApp bridges = world.bridges(http())) {
            bridges.start();
            until(() -> changes() == 11 && jobs().size() == 5);
            assertThat(lineage().detail()).isEqualTo("ready");
        }
        assertThat(changes()).isEqualTo(11);
        List<UUID> runs = server.taken().stream()
                .filter(event -> event.getJob().getName().equals("acme/handbook/fine-tune"))
                .map(event -> event.getRun().getRunId())
                .distinct()
                .toList();
        assertThat(runs).hasSize(1);
        int told = server.taken().size();
        try (BridgesApp bridges = world.bridges(http())) { // all of it is committed
            bridges.start();
            world.say(entry(LedgerEntry.Type.GENERATION_MADE, "g3", Map.of("generation", "g3", "model", MODEL)));
            until(() -> server.taken().size() > told);
        }
        assertThat(server.taken()).hasSize(told + 1);
    }

    @Test
    void anEventThatTheServerCallsWrongHoldsNothingUp() throws Exception {
        server.answer = event -> event.getJob().getName().endsWith("index-build") ? 422 : 201;
        try (BridgesApp bridges = world.bridges(http())) {
            bridges.start();
            world.sayNonsense();
            sayAll();
            until(() -> jobs().contains("acme/handbook/fine-tune"));
        }
        assertThat(jobs()).doesNotContain("acme/handbook/index-build");
        assertThat(world.telemetry.scrape())
                .contains("palimpsest_bridge_sent_events_total{bridge=\"lineage\",outcome=\"refused\"}")
                .contains("palimpsest_bridge_unreadable_records_total{bridge=\"lineage\"} 1.0");
    }

    @Test
    void eventsGoToATopicToo() throws Exception {
        Map<String, String> settings = Map.of("lineage.transport", "kafka", "lineage.topic", "lineage.test");
        try (Admin admin = Admin.create(world.kafka(Map.of()).common("test"))) {
            var unused = admin.createTopics(List.of(new NewTopic("lineage.test", 1, (short) 1)))
                    .all()
                    .get();
        }
        try (BridgesApp bridges = world.bridges(settings);
                KafkaConsumer<String, String> reader = new KafkaConsumer<>(
                        world.kafka(Map.of()).consumer("reader", "reader"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            bridges.start();
            sayAll();
            reader.subscribe(List.of("lineage.test"));
            List<RunEvent> read = new ArrayList<>();
            until(() -> {
                reader.poll(Duration.ofMillis(100))
                        .forEach(record -> read.add(OpenLineageClientUtils.runEventFromJson(record.value())));
                return read.size() >= 9;
            });
            assertThat(read)
                    .filteredOn(event -> event.getEventType() == EventType.COMPLETE)
                    .extracting(event -> event.getJob().getName())
                    .contains("acme/handbook/index-build", "acme/handbook/fine-tune", "acme/handbook/fine-tune/train");
        }
    }

    @Test
    void aTopicThatIsNotThereIsTriedAgainAndLosesNothing() throws Exception {
        Map<String, String> settings = Map.of(
                "lineage.transport", "kafka",
                "lineage.kafka.bootstrap.servers", "127.0.0.1:1",
                "lineage.timeout", "PT1S");
        try (BridgesApp bridges = world.bridges(settings)) {
            bridges.start();
            sayAll();
            until(() -> lineage().detail().contains("PAL-926"));
        }
        try (BridgesApp bridges = world.bridges(http())) {
            bridges.start();
            until(() -> jobs().size() == 4);
        }
    }

    private void sayAll() throws Exception {
        Map<String, String> generation = Map.of("generation", "g2", "model", MODEL, "policy", "content-defined/1");
        world.say(entry(LedgerEntry.Type.RUN_STARTED, "run-1", Map.of("run", "run-1")));
        world.say(entry(LedgerEntry.Type.GENERATION_MADE, "g2", generation));
        world.say(entry(LedgerEntry.Type.GENERATION_LIVE, "g2\n2", generation));
        world.say(entry(LedgerEntry.Type.JUDGEMENT_GIVEN, "j", Map.of()));
        world.say(entry(LedgerEntry.Type.RUN_ENDED, "run-1", Map.of("run", "run-1", "outcome", "PROMOTED")));
    }

    private Health.State lineage() {
        return Objects.requireNonNull(world.health.states().get("lineage"));
    }

    private Map<String, String> http() {
        return Map.of(
                "lineage.transport", "http",
                "lineage.url", server.url(),
                "lineage.key", "topsecret",
                "lineage.window", "PT1S");
    }

    private List<String> jobs() {
        return server.taken().stream()
                .map(event -> event.getJob().getName())
                .distinct()
                .toList();
    }

    /** By the last word on each run. */
    private long changes() {
        Map<UUID, Long> byRun = server.taken().stream()
                .filter(event -> event.getJob().getName().contains("/ingest/"))
                .filter(event -> event.getEventType() == EventType.COMPLETE)
                .collect(toMap(
                        event -> event.getRun().getRunId(),
                        event -> event.getOutputs()
                                .getFirst()
                                .getOutputFacets()
                                .getOutputStatistics()
                                .getRowCount(),
                        (before, after) -> after));
        return byRun.values().stream().mapToLong(Long::longValue).sum();
    }

    private RunEvent last(String job) {
        return server.taken().stream()
                .filter(event -> event.getJob().getName().equals(job))
                .toList()
                .getLast();
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        assertThat(Condition.await(condition::getAsBoolean, PATIENCE, Duration.ofMillis(50)))
                .isTrue();
    }
}
