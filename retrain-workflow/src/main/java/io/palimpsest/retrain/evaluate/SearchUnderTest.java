package io.palimpsest.retrain.evaluate;

import java.time.Duration;
import java.util.List;

/** A search as it would be served, with one generation and one model. Failure: what the search throws ends the evaluation. */
@FunctionalInterface
public interface SearchUnderTest {
    /** Documents that are asked for. */
    int DEPTH = 50;

    Answer search(String query);

    /**
     * What came back.
     *
     * @param ranking distinct document ids, best first, at most {@link #DEPTH}
     * @param cost in the operator's currency; 0 where no prices are configured
     */
    record Answer(List<String> ranking, Duration took, double cost) {
        public Answer {
            ranking = List.copyOf(ranking);
        }
    }
}
