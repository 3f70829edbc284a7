package io.palimpsest.retrain.canary;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import java.time.Instant;

/**
 * How the canaries of a collection fare, in means over them; the figures before are those of the same generation when it went live.
 *
 * @param questions that were asked
 * @param ndcg of the first ten, 0 to 1
 * @param recall among the first 50, 0 to 1
 * @param overlap share of the first ten that were among the first ten before, 0 to 1
 * @param chance how probable so great a loss of nDCG is where nothing has become worse, 0 exclusive to 1
 */
public record CanaryMeasurement(
        CollectionKey collection,
        GenerationId generation,
        ModelId model,
        Instant at,
        int questions,
        double ndcgBefore,
        double ndcg,
        double recallBefore,
        double recall,
        double overlap,
        double chance) {}
