package io.palimpsest.retrain.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.retrain.drift.measure.Questions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PeriodSampleTest {
    private final Questions questions = new Questions(1);

    @Test
    void theFirstQueriesAreTheFirst() {
        PeriodSample sample = new PeriodSample(20, PeriodSample.Choice.FIRST);
        queries(50).forEach(sample::offer);

        PeriodSample.Gathering gathering = sample.gathering().orElseThrow();
        assertThat(gathering.samples()).hasSize(20);
        assertThat(gathering.from()).isEqualTo(Questions.START.plusMillis(100));
        assertThat(gathering.to()).isEqualTo(Questions.START.plusMillis(2_000));
    }

    @Test
    void anEvenSampleReachesOverTheWholePeriod() {
        PeriodSample sample = new PeriodSample(100, PeriodSample.Choice.EVEN);
        queries(1_000).forEach(sample::offer);

        PeriodSample.Gathering gathering = sample.gathering().orElseThrow();
        assertThat(gathering.samples()).hasSize(100);
        assertThat(gathering.to()).isAfter(Questions.START.plusSeconds(90));
    }

    @Test
    void probesRepetitionsAndOtherModelsAreLeftOut() {
        PeriodSample sample = new PeriodSample(100, PeriodSample.Choice.FIRST);
        List<QueryServed> queries = queries(10);
        queries.forEach(query -> sample.offer(of(query, "old")));
        sample.offer(questions.probe());
        List<QueryServed> newer = queries(5);
        newer.forEach(sample::offer);
        newer.forEach(sample::offer);

        PeriodSample.Gathering gathering = sample.gathering().orElseThrow();
        assertThat(gathering.model()).isEqualTo(Questions.MODEL);
        assertThat(gathering.samples()).hasSize(5);
    }

    @Test
    void nothingOfferedIsNothingGathered() {
        assertThat(new PeriodSample(10, PeriodSample.Choice.EVEN).gathering()).isEmpty();
    }

    private List<QueryServed> queries(int count) {
        return Stream.generate(questions::known).limit(count).toList();
    }

    private static QueryServed of(QueryServed query, String model) {
        return new QueryServed(
                query.queryId(),
                query.collection(),
                query.generation(),
                new ModelId(model),
                query.probe(),
                query.hits(),
                query.topSimilarity(),
                query.legOverlap(),
                query.queryTokens(),
                query.durationMillis(),
                query.embedding(),
                query.at());
    }
}
