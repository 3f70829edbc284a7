package io.palimpsest.retrain.drift.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    @Test
    void falseAlarmsOfAllSignalsTogetherStayWithinTheRate() {
        int windows = 0;
        int alarms = 0;
        for (int reference = 0; reference < 8; reference++) {
            Reference taken = Questions.reference(reference);
            Questions later = new Questions(1_000 + reference);
            for (int w = 0; w < 250; w++) {
                windows++;
                alarms += crossed(taken, later.known(40)).isEmpty() ? 0 : 1;
            }
        }
        assertThat((double) alarms / windows).isLessThanOrEqualTo(0.01);
    }

    @Test
    void aFifthOfStrangeQuestionsIsFoundInOneWindow() {
        Reference reference = Questions.reference(1);
        Questions later = new Questions(99);
        for (int w = 0; w < 50; w++) {
            List<QuerySample> window = new ArrayList<>(later.known(64));
            window.addAll(later.strange(16));
            assertThat(crossed(reference, window)).isNotEmpty();
        }
    }

    @Test
    void theSameSamplesGiveTheSameReference() {
        assertThat(Json.write(Questions.reference(5))).isEqualTo(Json.write(Questions.reference(5)));
    }

    @Test
    void aReferenceReadsBackFromJsonAsItWas() {
        Reference taken = Questions.reference(5);
        Reference read = Json.read(Json.write(taken), Reference.class);
        Window window = Questions.window(new Questions(8).strange(40));

        assertThat(read.measure(window)).isEqualTo(taken.measure(window));
        assertThat(read.thresholds()).isEqualTo(taken.thresholds());
        assertThat(read.feedback()).isEqualTo(taken.feedback());
    }

    @Test
    void largerWindowsHaveLowerThresholds() {
        Thresholds thresholds = Questions.reference(2).thresholds();
        for (Signal signal : List.of(Signal.QUERY_EMBEDDING, Signal.TOP_SIMILARITY, Signal.QUERY_LENGTH)) {
            assertThat(thresholds.of(signal, 80).orElseThrow())
                    .isLessThan(thresholds.of(signal, 20).orElseThrow());
            assertThat(thresholds.of(signal, 79)).isEqualTo(thresholds.of(signal, 40));
            assertThat(thresholds.of(signal, 19)).isEmpty();
        }
    }

    @Test
    void theFirstEmptyResultEverIsNoDrift() {
        Reference reference = Questions.reference(3);
        List<QuerySample> window = new ArrayList<>(new Questions(4).known(39));
        window.add(new QuerySample(null, 12, 0.7, 0.5, 0));

        assertThat(crossed(reference, window)).isEmpty();
    }

    @Test
    void tooFewQueriesMakeNoReference() {
        assertThatThrownBy(() -> Questions.calibration().take(Questions.period(new Questions(1).known(39))))
                .isInstanceOfSatisfying(
                        PalimpsestException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DRIFT_REFERENCE_TOO_SMALL));
    }

    @Test
    void aSmallReferenceHasThresholdsForSmallWindowsOnly() {
        Reference reference = Questions.calibration().take(Questions.period(new Questions(1).known(50)));

        assertThat(reference.thresholds().bySize()).containsOnlyKeys(20);
    }

    @Test
    void keywordQueriesHaveNoSignalOfEmbeddings() {
        List<QuerySample> keyword = new Questions(1)
                .known(100).stream()
                        .map(s -> new QuerySample(null, s.tokens(), null, null, 10))
                        .toList();
        Reference reference = Questions.calibration().take(Questions.period(keyword));
        List<Measured> measured = reference.measure(Questions.window(keyword.subList(0, 40)));

        assertThat(measured)
                .filteredOn(m -> m.threshold() != null)
                .extracting(Measured::signal)
                .containsExactly(Signal.QUERY_LENGTH, Signal.ZERO_RESULTS);
    }

    @Test
    void anotherModelsEmbeddingsAreNotCompared() {
        Reference reference = Questions.reference(1);
        Window window = Questions.window(new Questions(2).known(40));
        Window other = new Window(new io.palimpsest.contracts.id.ModelId("other"), window.tally(), window.embeddings());

        assertThat(reference.measure(other))
                .filteredOn(m -> m.signal().ofModel())
                .allSatisfy(m -> assertThat(m.threshold()).isNull());
    }

    @Test
    void everySignalFindsInjectedDrift() {
        Reference reference = Questions.reference(1);

        assertThat(reference.measure(InjectedDrift.window(reference, 20)))
                .hasSize(6)
                .allSatisfy(m -> assertThat(m.crossed()).as(m.toString()).isTrue());
    }

    private static List<Signal> crossed(Reference reference, List<QuerySample> window) {
        return reference.measure(Questions.window(window)).stream()
                .filter(Measured::crossed)
                .map(Measured::signal)
                .toList();
    }
}
