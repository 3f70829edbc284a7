package io.palimpsest.retrain.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.retrain.drift.measure.Questions;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftAppIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String DRIFT = "/v1/collections/handbook/drift";
    private static final Map<String, String> SETTINGS = Map.of(
            "drift.window.samples", "20",
            "drift.window.pace", "PT0S",
            "drift.reference.samples", "200",
            "drift.alarm.min.samples", "20");

    @Test
    void fromTheFirstQueriesToOneAlarmOverARestart(@TempDir Path directory) throws Exception {
        Questions questions = new Questions(1);
        try (DriftHouse house = new DriftHouse(directory, SETTINGS)) {
            house.queries(taken(questions, 200));
            JsonNode known = await(() -> shown(house), shown -> shown.has("reference"));
            assertThat(known.at("/reference/samples").asLong()).isEqualTo(200);
            assertThat(known.at("/reference/takenBy").asText()).isEqualTo("palimpsest");
            assertThat(known.at("/thresholds/20/QUERY_EMBEDDING").isNumber()).isTrue();

            house.queries(taken(questions, 30));
            await(() -> windows(house), windows -> windows.stream().anyMatch(w -> w.threshold() != null));
            assertThat(house.app.store().open()).isEmpty();
        }
        try (DriftHouse house = new DriftHouse(directory, SETTINGS)) {
            house.queries(Stream.generate(questions::strange).limit(120).toList());
            List<DriftAlarm> open = await(() -> house.app.store().open(), alarms -> !alarms.isEmpty());
            assertThat(open).hasSize(1);
            await(() -> windows(house), windows -> windows.size() >= 6 * 17);

            assertThat(windows(house)).extracting(DriftMeasured::windowId).doesNotHaveDuplicates();
            assertThat(house.alarms).hasSize(1);
            assertThat(house.ledger)
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.facts())
                            .containsEntry("alarm", open.getFirst().id()));
            assertThat(house.app.store().open()).hasSize(1);
            JsonNode shown = shown(house);
            assertThat(shown.get("alarms")).hasSize(1);
            assertThat(signal(shown, "query-embedding").get("state").asText()).isEqualTo("CROSSED");
        }
    }

    @Test
    void operatorsTakeANewReferenceAndNobodyElseDoes(@TempDir Path directory) throws Exception {
        Questions questions = new Questions(2);
        try (DriftHouse house = new DriftHouse(directory, SETTINGS)) {
            assertThat(house.get(DRIFT, DriftHouse.SEARCHER).statusCode()).isEqualTo(403);
            assertThat(house.post(DRIFT + "/reference", DriftHouse.SEARCHER, "").statusCode())
                    .isEqualTo(403);
            assertThat(signal(shown(house), "query-length").get("state").asText())
                    .isEqualTo("NO_REFERENCE");

            assertThat(house.post(DRIFT + "/reference", DriftHouse.OPERATOR, "").statusCode())
                    .isEqualTo(202);
            JsonNode refused = await(
                    () -> shown(house), shown -> shown.at("/referenceRequest").has("errorCode"));
            assertThat(refused.at("/referenceRequest/errorCode").asText()).isEqualTo("PAL-810");

            house.queries(taken(questions, 60));
            assertThat(house.post(
                                    DRIFT + "/reference",
                                    DriftHouse.OPERATOR,
                                    "{\"from\":\"" + Questions.START + "\",\"to\":\"" + Questions.START.plusSeconds(60)
                                            + "\"}")
                            .statusCode())
                    .isEqualTo(202);
            JsonNode taken = await(() -> shown(house), shown -> shown.has("reference"));
            assertThat(taken.at("/reference/takenBy").asText()).isEqualTo("key:operator");
            assertThat(taken.at("/reference/samples").asLong()).isEqualTo(60);

            assertThat(house.post(
                                    DRIFT + "/reference",
                                    DriftHouse.OPERATOR,
                                    "{\"from\":\"2026-11-02T00:00:00Z\",\"to\":\"2026-11-01T00:00:00Z\"}")
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    private static List<QueryServed> taken(Questions questions, int count) {
        return Stream.generate(questions::known).limit(count).toList();
    }

    private static List<DriftMeasured> windows(DriftHouse house) {
        return house.app.store().latest(Questions.COLLECTION, 1_000);
    }

    private static JsonNode shown(DriftHouse house) throws Exception {
        return Json.mapper().readTree(house.get(DRIFT, DriftHouse.OPERATOR).body());
    }

    private static JsonNode signal(JsonNode shown, String name) {
        for (JsonNode signal : shown.get("signals")) {
            if (signal.get("signal").asText().equals(name)) {
                return signal;
            }
        }
        throw new AssertionError("no signal " + name);
    }

    private static <T> T await(Callable<T> look, java.util.function.Predicate<T> wanted) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        T seen = look.call();
        while (!wanted.test(seen)) {
            assertThat(Instant.now()).as("last seen: %s", seen).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            seen = look.call();
        }
        return seen;
    }
}
