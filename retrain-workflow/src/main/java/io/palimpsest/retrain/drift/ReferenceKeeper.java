package io.palimpsest.retrain.drift;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.retrain.drift.measure.Calibration;
import io.palimpsest.retrain.drift.measure.FeedbackOutcome;
import io.palimpsest.retrain.drift.measure.Reference;
import io.palimpsest.retrain.drift.measure.Signal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes references: those that were asked for, a collection's first as soon as it has had enough queries, and a new one after its
 * model has changed, since another model's embeddings cannot be compared.
 *
 * <p>Threading: one call of {@link #look} at a time. Ordering and idempotency: several processes may take the same reference: the
 * first queries of a topic are the same for all. Failure: of one collection does not keep others from theirs; it is tried again,
 * but for a request, which is told what was wrong.
 */
final class ReferenceKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ReferenceKeeper.class);
    private static final String ITSELF = "palimpsest";
    /** Measurements that come of a smallest window, those of the larger ones included: 6 signals, 1 + 1/2 + 1/4 windows. */
    private static final int PER_WINDOW = 11;

    private final ReferenceStore references;
    private final DriftStore store;
    private final TopicPeriod topics;
    private final Calibration calibration;
    private final int samples;
    private final Clock clock;

    ReferenceKeeper(
            ReferenceStore references,
            DriftStore store,
            TopicPeriod topics,
            Calibration calibration,
            int samples,
            Clock clock) {
        this.references = references;
        this.store = store;
        this.topics = topics;
        this.calibration = calibration;
        this.samples = samples;
        this.clock = clock;
    }

    void look() {
        for (ReferenceStore.Request request : references.waiting()) {
            try {
                Instant from = request.from() == null ? Instant.EPOCH : request.from();
                Instant to = request.to() == null ? Instant.MAX : request.to();
                Reference taken = take(request.collection(), from, to, PeriodSample.Choice.EVEN);
                references.put(taken, request.requestedBy(), clock.instant());
            } catch (PalimpsestException e) {
                if (e.code() != ErrorCode.DRIFT_REFERENCE_TOO_SMALL) {
                    throw e;
                }
                references.failed(request.collection(), e.code().id(), String.valueOf(e.getMessage()));
            }
        }
        for (CollectionKey collection : store.collections()) {
            takeByItself(collection);
        }
    }

    private void takeByItself(CollectionKey collection) {
        int windows = samples / calibration.sizes().getFirst() + 2;
        List<DriftMeasured> latest = store.latest(collection, windows * PER_WINDOW);
        boolean first = references.summary(collection).isEmpty();
        if (!first && !modelHasChanged(latest)) {
            return;
        }
        long counted = latest.stream()
                .filter(m -> m.signal().equals(Signal.QUERY_LENGTH.id()) && isSmallest(m))
                .mapToLong(DriftMeasured::samples)
                .sum();
        if (counted < samples) {
            return;
        }
        try {
            // From the first window that had no threshold, not from all that the topic keeps.
            Instant from = latest.stream()
                    .filter(m -> m.signal().equals(Signal.QUERY_EMBEDDING.id()) && m.threshold() == null)
                    .map(DriftMeasured::from)
                    .min(Instant::compareTo)
                    .orElse(Instant.EPOCH);
            Reference taken = take(collection, from, Instant.MAX, PeriodSample.Choice.FIRST);
            if (taken.tally().samples() >= samples) { // else the rest is on its way
                references.put(taken, ITSELF, clock.instant());
                LOG.atInfo().log("a reference of drift was taken of {}", collection);
            }
        } catch (PalimpsestException e) {
            LOG.atWarn()
                    .addKeyValue("errorCode", e.code().id())
                    .setCause(e)
                    .log("no reference of drift could be taken of {}", collection);
        }
    }

    /** What needs no model is judged in every late window, what needs it in none. */
    private boolean modelHasChanged(List<DriftMeasured> latest) {
        List<DriftMeasured> lengths = smallest(latest, Signal.QUERY_LENGTH);
        List<DriftMeasured> embeddings = smallest(latest, Signal.QUERY_EMBEDDING);
        int needed = Math.max(1, samples / calibration.sizes().getFirst());
        return lengths.size() >= needed
                && embeddings.size() >= needed
                && lengths.subList(0, needed).stream().allMatch(m -> m.threshold() != null)
                && embeddings.subList(0, needed).stream().allMatch(m -> m.threshold() == null && m.samples() > 0);
    }

    private List<DriftMeasured> smallest(List<DriftMeasured> latest, Signal signal) {
        return latest.stream()
                .filter(m -> m.signal().equals(signal.id()) && isSmallest(m))
                .toList();
    }

    private boolean isSmallest(DriftMeasured measured) {
        return measured.windowId().contains(":" + calibration.sizes().getFirst() + ":");
    }

    private Reference take(CollectionKey collection, Instant from, Instant to, PeriodSample.Choice choice) {
        PeriodSample gathering = new PeriodSample(samples, choice);
        topics.read(Topics.QUERY_SERVED, collection.toString(), from, query -> {
            if (!query.at().isBefore(from) && !query.at().isAfter(to)) {
                gathering.offer(query);
            }
            return !gathering.isComplete();
        });
        Optional<PeriodSample.Gathering> gathered = gathering.gathering();
        if (gathered.isEmpty()) {
            throw new PalimpsestException(
                    ErrorCode.DRIFT_REFERENCE_TOO_SMALL, "no query of the period is kept of " + collection);
        }
        PeriodSample.Gathering found = gathered.get();
        return calibration.take(new Calibration.Period(
                collection, found.model(), found.from(), found.to(), found.samples(), feedback(collection, found, to)));
    }

    private Reference.FeedbackReference feedback(
            CollectionKey collection, PeriodSample.Gathering gathered, @Nullable Instant to) {
        LongAdder total = new LongAdder();
        LongAdder good = new LongAdder();
        topics.read(Topics.FEEDBACK_GIVEN, collection.toString(), gathered.from(), given -> {
            boolean inTime = !given.late() && (to == null || !given.at().isAfter(to));
            Optional<Boolean> outcome = FeedbackOutcome.of(given);
            if (inTime && outcome.isPresent()) {
                total.increment();
                good.add(outcome.get() ? 1 : 0);
            }
            return true;
        });
        return new Reference.FeedbackReference(good.sum(), total.sum());
    }
}
