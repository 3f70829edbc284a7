package io.palimpsest.retrain.drift.measure;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.retrain.drift.measure.Reference.FeedbackReference;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes a reference, and finds each threshold by resampling it: parts of the wanted size are drawn from the reference and held
 * against the rest of it, which is the permutation test's null distribution, made once instead of for every window.
 *
 * <p>All signals of a window share one rate of false alarms. It is not cut into fixed shares, since signals that rise and fall
 * together would then waste it: all are measured on the same draws, each threshold is the value at the same rank from the top, and
 * that rank is the largest at which the draws that any signal finds drifted stay within the rate (the min-P procedure of Westfall
 * and Young, Resampling-Based Multiple Testing, 1993, §2.3).
 *
 * <p>Threading: immutable; costs seconds of one thread, and memory for the square of the embeddings.
 *
 * @param wantedRate false alarms per window, all signals together, 0 exclusive to 1
 * @param sizes of windows, ascending
 * @param draws per size, several times {@code 1 / wantedRate}
 */
public record Calibration(double wantedRate, List<Integer> sizes, int draws) {
    /** What the reference has by chance, every window is measured against: half of the rate is kept back for that. */
    private static final double OWN_PART = 0.5;
    /**
     * What never happened in m samples may still have a rate of 3 / m (Hanley and Lippman-Hand, JAMA 249, 1983): a collection
     * without a single empty result so far must not be alarmed by the first.
     */
    private static final double UNSEEN = 3;
    /** Answers below which a rate says nothing (arbitrary). */
    private static final long LEAST_FEEDBACK = 30;

    public Calibration {
        sizes = sizes.stream().sorted().toList();
    }

    /** At least so many samples make a reference: twice the smallest window. */
    public int leastSamples() {
        return 2 * sizes.getFirst();
    }

    /**
     * What a reference is made of.
     *
     * @param samples drawn evenly from the period; embeddings by {@code model}, of one length
     */
    public record Period(
            CollectionKey collection,
            ModelId model,
            Instant from,
            Instant to,
            List<QuerySample> samples,
            FeedbackReference feedback) {
        public Period {
            samples = List.copyOf(samples);
        }
    }

    /** @throws PalimpsestException {@link ErrorCode#DRIFT_REFERENCE_TOO_SMALL} */
    public Reference take(Period period) {
        List<QuerySample> samples = period.samples();
        if (samples.size() < leastSamples()) {
            throw new PalimpsestException(
                    ErrorCode.DRIFT_REFERENCE_TOO_SMALL,
                    "the period has " + samples.size() + " queries, a reference needs " + leastSamples());
        }
        Tally tally = new Tally();
        samples.forEach(sample -> tally.add(sample, true));
        EmbeddingDraws embeddings = new EmbeddingDraws(embeddings(samples));
        String id = ContentHash.ofText(period.collection() + " " + period.model() + " " + period.from() + " "
                        + period.to() + " " + samples.size())
                .toString();
        SplittableRandom random = new SplittableRandom(id.hashCode());
        Map<Integer, Map<Signal, Double>> thresholds = new TreeMap<>();
        for (int size : sizes) {
            if (2 * size <= samples.size()) {
                thresholds.put(size, thresholds(samples, tally, embeddings, size, random));
            }
        }
        FeedbackReference feedback = period.feedback();
        return new Reference(
                id,
                period.collection(),
                period.model(),
                period.from(),
                period.to(),
                tally,
                embeddings.reference(),
                feedback.total() < LEAST_FEEDBACK ? null : feedback,
                wantedRate,
                new Thresholds(thresholds));
    }

    private static List<float[]> embeddings(List<QuerySample> samples) {
        return samples.stream()
                .<float[]>mapMulti((sample, sink) -> {
                    float @Nullable [] embedding = sample.embedding();
                    if (embedding != null) {
                        sink.accept(embedding);
                    }
                })
                .toList();
    }

    private Map<Signal, Double> thresholds(
            List<QuerySample> samples, Tally tally, EmbeddingDraws embeddings, int size, SplittableRandom random) {
        Map<Signal, double[]> drawn = new EnumMap<>(Signal.class);
        for (Signal signal : Signal.ofQueries()) {
            drawn.put(signal, new double[draws]);
        }
        int[] order = order(samples.size());
        int[] embedded = order(embeddings.size());
        boolean same = embedded.length == order.length;
        for (int d = 0; d < draws; d++) {
            int[] part = draw(order, size, random);
            Tally now = new Tally();
            for (int i : part) {
                now.add(samples.get(i), true);
            }
            Tally rest = tally.minus(now);
            addUnseen(now, size, UNSEEN / samples.size(), random);
            EmbeddingReference.@Nullable Shift shift =
                    2 * size > embedded.length ? null : embeddings.shift(same ? part : draw(embedded, size, random));
            for (Map.Entry<Signal, double[]> entry : drawn.entrySet()) {
                entry.getValue()[d] = switch (entry.getKey()) {
                    case QUERY_EMBEDDING -> shift == null ? Double.NaN : shift.discrepancy();
                    case QUERY_NOVELTY -> shift == null ? Double.NaN : shift.novelShare();
                    case QUERY_LENGTH, TOP_SIMILARITY, LEG_OVERLAP, ZERO_RESULTS ->
                        Statistics.of(entry.getKey(), now, rest);
                    case FEEDBACK_SUCCESS, CANARIES, CANARY_OVERLAP -> Double.NaN;
                };
            }
        }
        drawn.values().removeIf(values -> Arrays.stream(values).anyMatch(Double::isNaN));
        return atCommonRank(drawn);
    }

    private static void addUnseen(Tally now, int size, double rate, SplittableRandom random) {
        for (int i = 0; i < size; i++) {
            if (random.nextDouble() < rate) {
                now.addEmpty();
            }
        }
    }

    private Map<Signal, Double> atCommonRank(Map<Signal, double[]> drawn) {
        Map<Signal, double[]> sorted = new EnumMap<>(Signal.class);
        drawn.forEach((signal, values) -> {
            double[] ascending = values.clone();
            Arrays.sort(ascending);
            sorted.put(signal, ascending);
        });
        int allowed = (int) (wantedRate * OWN_PART * draws);
        Map<Signal, Double> found = atRank(sorted, 0);
        for (int rank = 1; rank <= allowed; rank++) {
            Map<Signal, Double> next = atRank(sorted, rank);
            if (crossing(drawn, next) > allowed) {
                break;
            }
            found = next;
        }
        return found;
    }

    private static Map<Signal, Double> atRank(Map<Signal, double[]> sorted, int rank) {
        Map<Signal, Double> thresholds = new EnumMap<>(Signal.class);
        sorted.forEach((signal, ascending) -> thresholds.put(signal, ascending[ascending.length - 1 - rank]));
        return thresholds;
    }

    /** Draws that any signal finds drifted. */
    private int crossing(Map<Signal, double[]> drawn, Map<Signal, Double> thresholds) {
        int crossing = 0;
        for (int d = 0; d < draws; d++) {
            boolean any = false;
            for (Map.Entry<Signal, Double> threshold : thresholds.entrySet()) {
                double[] values = drawn.get(threshold.getKey());
                any |= values != null && values[d] > threshold.getValue();
            }
            crossing += any ? 1 : 0;
        }
        return crossing;
    }

    private static int[] order(int size) {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        return order;
    }

    /** The first of a shuffle (Fisher and Yates), which leaves the order shuffled. */
    private static int[] draw(int[] order, int size, SplittableRandom random) {
        for (int i = 0; i < size; i++) {
            int other = random.nextInt(i, order.length);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return Arrays.copyOf(order, size);
    }
}
