package io.palimpsest.retrain.drift.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.event.FeedbackGiven;
import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.stream.TopologyRun;
import io.palimpsest.retrain.drift.measure.Questions;
import io.palimpsest.retrain.drift.measure.Reference;
import io.palimpsest.retrain.drift.measure.Signal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftTopologyTest {
    private static final DriftRules RULES =
            new DriftRules(20, Duration.ZERO, Duration.ofHours(1), 30, Duration.ofDays(1));
    private static final List<String> STORES = List.of(
            DriftTopology.WINDOWS,
            DriftTopology.EMBEDDINGS,
            DriftTopology.SEEN_QUERIES,
            DriftTopology.FEEDBACK,
            DriftTopology.SEEN_FEEDBACK);

    @TempDir
    Path state;

    private @Nullable Reference reference = Questions.reference(1);
    private Questions questions = new Questions(2);
    private TopologyRun run;
    private int started;
    private long given;

    @BeforeEach
    void open() {
        run = start(RULES);
    }

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void eachWindowIsMeasuredOncePerSignal() {
        send(20, questions::known);

        assertThat(measured())
                .hasSize(6)
                .extracting(DriftMeasured::windowId)
                .doesNotHaveDuplicates()
                .contains("acme/handbook:query-embedding:20:0");
    }

    @Test
    void twoAndFourWindowsMakeLargerOnes() {
        send(80, questions::known);
        List<DriftMeasured> embedding = ofSignal(Signal.QUERY_EMBEDDING);

        assertThat(embedding)
                .extracting(DriftMeasured::windowId)
                .map(id -> id.replace("acme/handbook:query-embedding:", ""))
                .containsExactlyInAnyOrder("20:0", "20:1", "20:2", "20:3", "40:0", "40:1", "80:0");
        assertThat(embedding).filteredOn(m -> m.windowId().endsWith(":80:0")).allSatisfy(m -> {
            assertThat(m.samples()).isEqualTo(80);
            assertThat(m.from()).isEqualTo(Questions.START.plusMillis(100));
            assertThat(m.to()).isEqualTo(Questions.START.plusMillis(8_001));
        });
    }

    @Test
    void knownQuestionsCrossNothingAndStrangeOnesDo() {
        send(80, questions::known);
        assertThat(measured()).noneMatch(DriftMeasured::crossed);

        send(20, questions::strange);
        assertThat(measured())
                .filteredOn(DriftMeasured::crossed)
                .extracting(DriftMeasured::signal)
                .contains("query-embedding", "query-novelty", "query-length", "zero-results");
    }

    @Test
    void withoutAReferenceWindowsAreCountedAndNotJudged() {
        reference = null;
        send(20, questions::strange);

        assertThat(measured()).hasSize(6).allSatisfy(m -> {
            assertThat(m.samples()).isEqualTo(20);
            assertThat(m.value()).isNull();
            assertThat(m.threshold()).isNull();
            assertThat(m.crossed()).isFalse();
        });
    }

    @Test
    void probesAreLeftOut() {
        send(40, questions::probe);

        assertThat(measured()).isEmpty();
        assertThat(run.contents(DriftTopology.WINDOWS)).isEmpty();
    }

    @Test
    void whatIsDeliveredAgainCountsOnce() {
        List<QueryServed> queries = Stream.generate(questions::known).limit(19).toList();
        queries.forEach(this::send);
        queries.forEach(this::send);
        assertThat(measured()).isEmpty();

        send(1, questions::known);
        assertThat(measured())
                .hasSize(6)
                .allSatisfy(m -> assertThat(m.samples()).isLessThanOrEqualTo(20));
    }

    @Test
    void aRestartAnywhereInAWindowChangesNothing() {
        List<QueryServed> queries = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            queries.add(i % 3 == 0 ? questions.strange() : questions.known());
        }
        queries.forEach(this::send);
        List<DriftMeasured> undisturbed = measured();
        run.close();

        run = start(RULES);
        List<DriftMeasured> disturbed = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            send(queries.get(i));
            disturbed.addAll(measured());
            if (i % 7 == 0) {
                restart();
                send(queries.get(i)); // delivered again
            }
        }
        assertThat(disturbed).isEqualTo(undisturbed).isNotEmpty();
    }

    @Test
    void aWindowThatDoesNotFillEndsWithItsTime() {
        send(7, questions::known);
        run.pass(Duration.ofMinutes(59));
        assertThat(measured()).isEmpty();

        run.pass(Duration.ofMinutes(2));
        assertThat(measured()).hasSize(6).allSatisfy(m -> {
            assertThat(m.samples()).isLessThanOrEqualTo(7);
            assertThat(m.value()).as("too few").isNull();
        });
        run.pass(Duration.ofHours(3));
        assertThat(measured()).as("nothing came").isEmpty();
    }

    @Test
    void aWindowLastsAsLongAsThePaceAndSamplesEmbeddings() {
        run.close();
        run = start(new DriftRules(20, Duration.ofSeconds(10), Duration.ofHours(1), 30, Duration.ofDays(1)));
        send(500, questions::known);
        assertThat(measured()).isEmpty();

        run.pass(Duration.ofSeconds(11));
        List<DriftMeasured> window = measured();
        assertThat(window).hasSize(6).noneMatch(DriftMeasured::crossed);
        assertThat(window)
                .filteredOn(m -> m.signal().equals("query-embedding"))
                .allSatisfy(m -> assertThat(m.samples()).isEqualTo(20));
        assertThat(window)
                .filteredOn(m -> m.signal().equals("query-length"))
                .allSatisfy(m -> assertThat(m.samples()).isEqualTo(500));
    }

    @Test
    void injectedDriftCrossesOncePerInterval() {
        send(20, questions::known);
        measured();
        run.pass(Duration.ofDays(1));
        List<DriftMeasured> first = measured();

        assertThat(first).hasSize(6).allSatisfy(m -> {
            assertThat(m.selfTest()).isTrue();
            assertThat(m.crossed()).as(m.signal()).isTrue();
        });
        run.pass(Duration.ofHours(12));
        assertThat(measured()).isEmpty();
        run.pass(Duration.ofHours(12));
        assertThat(measured())
                .hasSize(6)
                .extracting(DriftMeasured::windowId)
                .doesNotContainAnyElementsOf(
                        first.stream().map(DriftMeasured::windowId).toList());
    }

    @Test
    void worseFeedbackEndsItsWindowAtOnce() {
        for (int i = 0; i < 30; i++) {
            feedback(i % 10 == 0 ? -1 : 1, false);
        }
        assertThat(measured()).singleElement().satisfies(m -> {
            assertThat(m.windowId()).isEqualTo("acme/handbook:feedback-success:30:0");
            assertThat(m.crossed()).isFalse();
        });
        int answers = 0;
        while (answers < 30) {
            feedback(-1, false);
            answers++;
            List<DriftMeasured> ended = measured();
            if (!ended.isEmpty()) {
                assertThat(ended)
                        .singleElement()
                        .satisfies(m -> assertThat(m.crossed()).isTrue());
                break;
            }
        }
        assertThat(answers).isLessThan(15);
    }

    @Test
    void lateAndRepeatedFeedbackCountsForNothing() {
        for (int i = 0; i < 60; i++) {
            feedback(-1, true);
        }
        FeedbackGiven one = given(1, false);
        for (int i = 0; i < 60; i++) {
            run.send(Topics.FEEDBACK_GIVEN, "acme/handbook", one);
        }
        assertThat(measured()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsLeftOut() {
        byte[] key = "acme/handbook".getBytes(StandardCharsets.UTF_8);
        run.sendBytes(Topics.QUERY_SERVED, key, "{\"queryId\": 1".getBytes(StandardCharsets.UTF_8));
        run.sendBytes(Topics.FEEDBACK_GIVEN, key, "null".getBytes(StandardCharsets.UTF_8));
        send(20, questions::known);

        assertThat(measured()).hasSize(6);
    }

    @Test
    void stateOfACollectionIsBounded() {
        send(6_000, questions::known);
        long bytes = STORES.stream()
                .flatMap(store -> run.<String, byte[]>contents(store).entrySet().stream())
                .mapToLong(entry -> entry.getKey().length() + entry.getValue().length)
                .sum();

        assertThat(bytes).isLessThan(400 << 10);
    }

    private TopologyRun start(DriftRules rules) {
        return new TopologyRun(
                DriftTopology.build(rules, collection -> Optional.ofNullable(reference)),
                state.resolve("run-" + started++));
    }

    private void restart() {
        Map<String, Map<String, byte[]>> contents = new TreeMap<>();
        STORES.forEach(store -> contents.put(store, run.contents(store)));
        run.close();
        run = start(RULES);
        contents.forEach(run::restore);
    }

    private void send(int count, Supplier<QueryServed> queries) {
        Stream.generate(queries).limit(count).forEach(this::send);
    }

    private void send(QueryServed query) {
        run.send(Topics.QUERY_SERVED, query.collection().toString(), query);
    }

    private void feedback(int thumb, boolean late) {
        run.send(Topics.FEEDBACK_GIVEN, "acme/handbook", given(thumb, late));
    }

    private FeedbackGiven given(int thumb, boolean late) {
        given++;
        return new FeedbackGiven(
                "feedback-" + given,
                "query-" + given,
                Questions.COLLECTION,
                FeedbackGiven.Kind.THUMB,
                thumb,
                null,
                null,
                new GenerationId("g1"),
                Questions.MODEL,
                given,
                late,
                Questions.START.plusSeconds(given));
    }

    private List<DriftMeasured> measured() {
        return run.values(Topics.DRIFT_MEASURED);
    }

    private List<DriftMeasured> ofSignal(Signal signal) {
        return measured().stream().filter(m -> m.signal().equals(signal.id())).toList();
    }
}
