package io.palimpsest.retrain.canary;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.retrain.evaluate.SearchUnderTest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An index that answers as it is told; what it was not told finds nothing. */
public final class ScriptedIndex implements ServingIndex {
    public static final ModelId MODEL = new ModelId("mini/fp32/00000000");

    private final Map<String, List<String>> rankings = new HashMap<>();
    private GenerationId live;
    private boolean away;

    public ScriptedIndex(String live) {
        this.live = new GenerationId(live);
    }

    public void goesLive(String generation) {
        live = new GenerationId(generation);
    }

    public void isAway(boolean isAway) {
        away = isAway;
    }

    public void answers(String generation, String query, List<String> ranking) {
        rankings.put(generation + "\n" + query, ranking);
    }

    public GenerationId live() {
        return live;
    }

    @Override
    public Optional<Serving> serving(CollectionKey collection) {
        available();
        return Optional.of(new Serving(live, MODEL))
                .filter(serving -> live.value().startsWith(collection.tenant() + "." + collection.collection() + "."));
    }

    @Override
    public SearchUnderTest search(CollectionKey collection, GenerationId generation) {
        return query -> {
            available();
            return new SearchUnderTest.Answer(
                    rankings.getOrDefault(generation + "\n" + query, List.of()), Duration.ofMillis(5), 0);
        };
    }

    private void available() {
        if (away) {
            throw new PalimpsestException(ErrorCode.INDEX_UNAVAILABLE, "away");
        }
    }
}
