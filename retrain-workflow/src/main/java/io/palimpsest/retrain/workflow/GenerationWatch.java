package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.retrain.canary.Canaries;
import io.palimpsest.retrain.drift.measure.BettingTest;
import io.palimpsest.retrain.evaluate.Measure;
import io.palimpsest.retrain.evaluate.PairedBootstrap;
import io.palimpsest.retrain.evaluate.SignFlipTest;
import io.palimpsest.retrain.feedback.FeedbackLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Whether a generation that went live is worse than the one before it: on judged questions, asked of both, and by what people say of
 * what it found. A generation that is no worse is taken back by mistake in at most one of a hundred watches, however often it is
 * looked at: 0.4 % for all comparisons of all looks together, 0.3 % for the test of feedback, 0.3 % for the rate that this holds it to.
 *
 * <p>Threading: safe. Failure: what the search or the database throws.
 */
public final class GenerationWatch {
    static final double ERROR_OF_COMPARISONS = 0.004;
    static final double ERROR_OF_FEEDBACK = 0.003;
    /** Standard deviations below which the true rate of before lies three times in a thousand. */
    private static final double SURE_OF_RATE = 2.75;
    /** Fewer say nothing of a rate (arbitrary). */
    private static final int LEAST_ANSWERS = 30;
    /** Of the generation before, the newest. */
    private static final int ANSWERS_BEFORE = 1_000;
    /** Of the new one all: a test that forgets its beginning is another test. */
    private static final int ANSWERS_SINCE = 200_000;
    /** Where so little was good there is nothing to lose (arbitrary). */
    private static final double NOTHING_TO_LOSE = 0.05;

    private static final long SEED = 1;

    private final Canaries canaries;
    private final FeedbackLog feedback;

    public GenerationWatch(Canaries canaries, FeedbackLog feedback) {
        this.canaries = canaries;
        this.feedback = feedback;
    }

    /**
     * What is watched.
     *
     * @param since when it went live
     * @param looks that there will be at most, 1 or more
     */
    record Watched(CollectionKey collection, GenerationId before, GenerationId after, Instant since, long looks) {
        static long looks(RolloutPace pace) {
            long every = Math.max(1, pace.watchEvery().toMillis());
            return Math.max(1, Math.ceilDiv(pace.watch().toMillis(), every));
        }
    }

    /** Questions asked of both; {@code differences} are after minus before in nDCG@10. */
    record Compared(String name, List<Double> differences) {}

    /** Known questions, asked of both now. */
    Compared canaries(Watched watched, IntConsumer progress) {
        return new Compared(
                "canaries", canaries.differences(watched.collection(), watched.before(), watched.after(), progress));
    }

    /** @return what became worse, in figures; empty where nothing did, beyond chance */
    Optional<String> regression(Watched watched, List<Compared> compared) {
        List<String> worse = new ArrayList<>();
        // Questions that are asked again tell little new, but that may not be relied on: each look has its part of the
        // error.
        double allowed = ERROR_OF_COMPARISONS / (watched.looks() * (double) Math.max(1, compared.size()));
        compared.forEach(one -> loss(one, allowed).ifPresent(worse::add));
        discontent(
                        feedback.outcomes(watched.collection(), watched.before(), Instant.EPOCH, ANSWERS_BEFORE),
                        feedback.outcomes(watched.collection(), watched.after(), watched.since(), ANSWERS_SINCE))
                .ifPresent(worse::add);
        return worse.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", worse));
    }

    /** @param allowed probability of finding a loss where there is none */
    static Optional<String> loss(Compared compared, double allowed) {
        double chance = SignFlipTest.chanceOfLoss(compared.differences(), allowed, SEED);
        if (chance > allowed) {
            return Optional.empty();
        }
        double mean = PairedBootstrap.mean(
                compared.differences().stream().mapToDouble(Double::doubleValue).toArray());
        return Optional.of(String.format(
                Locale.ROOT,
                "%s: %s %+.4f on %d questions, by chance in %.1e of such looks, at most %.1e",
                compared.name(),
                Measure.NDCG_AT_10.label(),
                mean,
                compared.differences().size(),
                chance,
                allowed));
    }

    /**
     * By betting against the lower end of what the rate before may be: it may be looked at after each answer.
     *
     * @param before whether searches were good, in any order
     * @param after in the order of saying
     */
    static Optional<String> discontent(List<Boolean> before, List<Boolean> after) {
        long good = before.stream().filter(each -> each).count();
        if (before.size() < LEAST_ANSWERS) {
            return Optional.empty();
        }
        double rate = BettingTest.lowerRate(good, before.size(), SURE_OF_RATE);
        if (rate < NOTHING_TO_LOSE) {
            return Optional.empty();
        }
        BettingTest test = BettingTest.against(rate);
        for (boolean each : after) {
            test = test.after(each);
        }
        if (test.peak() < -Math.log(ERROR_OF_FEEDBACK)) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "feedback: %.0f %% of %d good before, %.0f %% of %d now; the bet that it is worse won %.0f-fold, %.0f-fold is"
                        + " enough",
                100.0 * good / before.size(),
                before.size(),
                100.0 * (test.seen() - test.failures()) / test.seen(),
                test.seen(),
                Math.exp(test.peak()),
                1 / ERROR_OF_FEEDBACK));
    }
}
