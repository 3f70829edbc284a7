package io.palimpsest.retrain.drift;

import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.retrain.drift.measure.QuerySample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Gathers the queries that a reference is made of: by model, since another model's embeddings cannot be compared, each query once.
 * The model of the newest query counts.
 *
 * <p>Threading: mutable, one thread.
 */
final class PeriodSample {
    private final int capacity;
    private final Choice choice;
    private final Map<ModelId, Gathered> byModel = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private Instant newest = Instant.MIN;
    private ModelId newestModel = new ModelId("none");

    /** Which of more queries than are wanted. */
    enum Choice {
        /** For a reference that takes itself: what comes later is compared with it. */
        FIRST,
        /** Evenly of the whole period (Vitter's algorithm R, seeded). */
        EVEN
    }

    private static final class Gathered {
        private final List<QueryServed> chosen = new ArrayList<>();
        private final SplittableRandom random = new SplittableRandom(1);
        private long offered;
    }

    /** What was gathered of one model, in order of time. */
    record Gathering(ModelId model, Instant from, Instant to, List<QuerySample> samples) {}

    PeriodSample(int capacity, Choice choice) {
        this.capacity = capacity;
        this.choice = choice;
    }

    void offer(QueryServed query) {
        if (query.probe() || !seen.add(query.queryId())) {
            return;
        }
        if (!query.at().isBefore(newest)) {
            newest = query.at();
            newestModel = query.model();
        }
        Gathered gathered = byModel.computeIfAbsent(query.model(), model -> new Gathered());
        gathered.offered++;
        if (gathered.chosen.size() < capacity) {
            gathered.chosen.add(query);
        } else if (choice == Choice.EVEN) {
            long slot = gathered.random.nextLong(gathered.offered);
            if (slot < capacity) {
                gathered.chosen.set((int) slot, query);
            }
        }
    }

    /** More would change nothing. */
    boolean isComplete() {
        return choice == Choice.FIRST
                && byModel.values().stream().anyMatch(gathered -> gathered.chosen.size() >= capacity);
    }

    /** Empty when nothing was offered. Queries whose embedding cannot be read, or is of another length, are left out. */
    Optional<Gathering> gathering() {
        Gathered gathered = byModel.get(newestModel);
        if (gathered == null) {
            return Optional.empty();
        }
        List<QuerySample> samples = new ArrayList<>();
        Instant from = Instant.MAX;
        Instant to = Instant.MIN;
        int dimension = 0;
        for (QueryServed query : gathered.chosen) {
            QuerySample sample;
            try {
                sample = QuerySample.of(query);
            } catch (IllegalArgumentException e) {
                continue; // a sample less
            }
            float[] embedding = sample.embedding();
            dimension = embedding != null && dimension == 0 ? embedding.length : dimension;
            if (embedding == null || embedding.length == dimension) {
                samples.add(sample);
                from = query.at().isBefore(from) ? query.at() : from;
                to = query.at().isAfter(to) ? query.at() : to;
            }
        }
        return samples.isEmpty() ? Optional.empty() : Optional.of(new Gathering(newestModel, from, to, samples));
    }
}
