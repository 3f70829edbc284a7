package io.palimpsest.retrain.judgement;

import io.palimpsest.platform.querylog.LoggedQuery;
import io.palimpsest.platform.querylog.ShownHit;
import io.palimpsest.retrain.feedback.FeedbackLog;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Chooses what people grade: queries whose best hits are close, whose legs disagree, whose searchers were not content, that are asked
 * often.
 *
 * <p>A pure function: the same queries give the same choice, in any order.
 */
final class ReviewSelection {
    /** Arbitrary: uncertainty, disagreement and discontent find errors, traffic makes them matter. */
    private static final double UNCERTAINTY = 0.3;

    private static final double DISAGREEMENT = 0.3;
    private static final double DISCONTENT = 0.25;
    private static final double TRAFFIC = 0.15;

    private static final FeedbackLog.Success NOTHING_SAID = new FeedbackLog.Success(0, 0);

    private ReviewSelection() {}

    /** Why a query was chosen: what weighed most. */
    enum Origin {
        UNCERTAIN,
        DISAGREEING,
        DISLIKED,
        FREQUENT,
        IMPORTED
    }

    /**
     * A query to grade.
     *
     * @param last its newest record: those hits are graded
     * @param priority 0 to 1, higher is more urgent
     */
    record Chosen(String queryKey, LoggedQuery last, Instant firstAsked, Origin origin, double priority) {}

    private record Group(LoggedQuery last, Instant first, int count) {
        static Group merged(Group one, Group other) {
            Comparator<LoggedQuery> newest =
                    Comparator.comparing(LoggedQuery::askedAt).thenComparing(LoggedQuery::queryId);
            return new Group(
                    newest.compare(one.last, other.last) >= 0 ? one.last : other.last,
                    one.first.isBefore(other.first) ? one.first : other.first,
                    one.count + other.count);
        }
    }

    /**
     * Most urgent first; queries without hits, and those that nobody asked, are left out.
     *
     * @param said what people said of their searches, by query key
     */
    static List<Chosen> choose(
            List<LoggedQuery> asked, Function<LoggedQuery, String> key, Map<String, FeedbackLog.Success> said) {
        Map<String, Group> groups = new HashMap<>();
        for (LoggedQuery query : asked) {
            if (query.wasAsked() && !query.shown().isEmpty() && query.generation() != null && query.model() != null) {
                groups.merge(key.apply(query), new Group(query, query.askedAt(), 1), Group::merged);
            }
        }
        int most = groups.values().stream().mapToInt(Group::count).max().orElse(1);
        return groups.entrySet().stream()
                .map(group -> chosen(
                        group.getKey(),
                        group.getValue(),
                        most,
                        discontent(said.getOrDefault(group.getKey(), NOTHING_SAID))))
                .sorted(Comparator.comparingDouble(Chosen::priority).reversed().thenComparing(Chosen::queryKey))
                .toList();
    }

    private static Chosen chosen(String key, Group group, int most, double discontent) {
        double uncertainty = UNCERTAINTY * uncertainty(group.last().shown());
        double disagreement = DISAGREEMENT * disagreement(group.last().shown());
        double disliked = DISCONTENT * discontent;
        double traffic = TRAFFIC * Math.log1p(group.count()) / Math.log1p(most);
        return new Chosen(
                key,
                group.last(),
                group.first(),
                origin(uncertainty, disagreement, disliked, traffic),
                uncertainty + disagreement + disliked + traffic);
    }

    private static Origin origin(double uncertainty, double disagreement, double disliked, double traffic) {
        double most = Math.max(Math.max(uncertainty, disagreement), Math.max(disliked, traffic));
        if (disliked > 0 && disliked == most) {
            return Origin.DISLIKED;
        }
        if (traffic == most) {
            return Origin.FREQUENT;
        }
        return uncertainty == most ? Origin.UNCERTAIN : Origin.DISAGREEING;
    }

    /** Share of the searches that were called bad, one more taken for good: a single voice weighs half. */
    static double discontent(FeedbackLog.Success said) {
        return (double) said.bad() / (said.total() + 1);
    }

    /** 1 where the first two hits have the same score, 0 where the second has none of the first's; 0 for a single hit. */
    static double uncertainty(List<ShownHit> shown) {
        if (shown.size() < 2 || !(shown.getFirst().score() > 0)) {
            return 0;
        }
        return Math.clamp((double) shown.get(1).score() / shown.getFirst().score(), 0, 1);
    }

    /** Share of the hits that one leg only found; 0 where one leg only was asked. */
    static double disagreement(List<ShownHit> shown) {
        boolean both = shown.stream().anyMatch(hit -> hit.vectorRank() != null)
                && shown.stream().anyMatch(hit -> hit.keywordRank() != null);
        long single = shown.stream()
                .filter(hit -> (hit.vectorRank() == null) != (hit.keywordRank() == null))
                .count();
        return both ? (double) single / shown.size() : 0;
    }
}
