package io.palimpsest.retrain.canary;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.retrain.evaluate.SearchUnderTest;
import io.palimpsest.retrain.judgement.DocumentStandings;
import io.palimpsest.retrain.judgement.JudgedQuestion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * Asks a collection's canaries: its judged questions, the frozen general ones first, of which some relevant document is still there.
 * What a generation answered when it was asked first is what it is held to; when a reference of drift is taken, what it answers then.
 *
 * <p>Threading: safe. Ordering and idempotency: asking changes nothing but a baseline that there was not. Failure: what the search or
 * the database throws; then nothing is kept.
 */
public final class Canaries {
    /** Smaller probabilities need not be told apart. */
    static final double LEAST_CHANCE = 1e-4;

    private final Parts parts;

    /**
     * What it stands on.
     *
     * @param judged questions of a collection
     * @param referenceTaken when its reference of drift was taken; empty where it has none
     * @param most questions that are asked
     * @param fresh how old a measurement may be that is asked for
     */
    public record Parts(
            Function<CollectionKey, List<JudgedQuestion>> judged,
            DocumentStandings documents,
            ServingIndex index,
            CanaryStore store,
            Function<CollectionKey, Optional<Instant>> referenceTaken,
            int most,
            Duration fresh,
            InstantSource clock) {}

    public Canaries(Parts parts) {
        this.parts = parts;
    }

    /** The newest that was kept, where it is fresh and of what serves now; else a new one. Empty where there are no canaries. */
    public Optional<CanaryMeasurement> now(CollectionKey collection) {
        Optional<ServingIndex.Serving> serving = parts.index().serving(collection);
        Optional<CanaryMeasurement> kept = parts.store()
                .newest(collection)
                .filter(measured ->
                        measured.at().isAfter(parts.clock().instant().minus(parts.fresh())))
                .filter(measured -> serving.filter(live -> live.generation().equals(measured.generation()))
                        .isPresent());
        return kept.isPresent() ? kept : serving.flatMap(live -> measured(collection, live));
    }

    /** Asks them all; empty where there are none, or nothing to ask. */
    Optional<CanaryMeasurement> measure(CollectionKey collection) {
        return parts.index().serving(collection).flatMap(live -> measured(collection, live));
    }

    private Optional<CanaryMeasurement> measured(CollectionKey collection, ServingIndex.Serving live) {
        CanaryComparison found = beside(collection, live.generation(), questions(collection));
        if (found.now().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new CanaryMeasurement(
                collection,
                live.generation(),
                live.model(),
                parts.clock().instant(),
                found.now().size(),
                found.ndcgBefore(),
                found.ndcg(),
                found.recallBefore(),
                found.recall(),
                found.overlap(),
                found.chance(LEAST_CHANCE)));
    }

    /** What a generation answers now beside its baseline, which those get now that have none. */
    private CanaryComparison beside(CollectionKey collection, GenerationId generation, List<JudgedQuestion> questions) {
        Instant since = parts.referenceTaken().apply(collection).orElse(Instant.EPOCH);
        Map<String, List<String>> baseline = parts.store().baseline(collection, generation, since);
        SearchUnderTest search = parts.index().search(collection, generation);
        Map<String, Answered> first = new HashMap<>();
        List<Answered> before = new ArrayList<>();
        List<Answered> now = new ArrayList<>();
        for (JudgedQuestion question : questions) {
            Answered answered = Answered.of(question, search);
            List<String> then = baseline.get(question.queryId());
            if (then == null) {
                first.put(question.queryId(), answered);
            }
            before.add(then == null ? answered : Answered.of(question, then));
            now.add(answered);
        }
        parts.store().keep(collection, generation, first, parts.clock().instant());
        return new CanaryComparison(before, now);
    }

    /**
     * Two generations beside each other, now.
     *
     * @param progress told how many questions are done after each
     * @return nDCG@10 of the second minus that of the first, canary by canary
     */
    public List<Double> differences(
            CollectionKey collection, GenerationId before, GenerationId after, IntConsumer progress) {
        SearchUnderTest first = parts.index().search(collection, before);
        SearchUnderTest second = parts.index().search(collection, after);
        List<Answered> then = new ArrayList<>();
        List<Answered> now = new ArrayList<>();
        for (JudgedQuestion question : questions(collection)) {
            then.add(Answered.of(question, first));
            now.add(Answered.of(question, second));
            progress.accept(now.size());
        }
        return new CanaryComparison(then, now).differences();
    }

    private List<JudgedQuestion> questions(CollectionKey collection) {
        return parts.judged().apply(collection).stream()
                .sorted(Comparator.comparing(JudgedQuestion::frozen).reversed().thenComparing(JudgedQuestion::queryId))
                .map(question -> question.ofLive(document -> isLive(collection, document)))
                .filter(JudgedQuestion::isAnswerable)
                .limit(parts.most())
                .toList();
    }

    private boolean isLive(CollectionKey collection, String document) {
        return parts.documents()
                .of(new DocumentKey(collection.tenant(), collection.collection(), new DocumentId(document)))
                .filter(DocumentStandings.Standing::live)
                .isPresent();
    }
}
