package io.palimpsest.retrain.drift.measure;

/**
 * A sequential test of whether the rate of successes is below what it was: capital that bets on failures and cannot grow where the
 * rate holds (Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting, JRSS B 86(1), 2024, §4; the bets are
 * those of its eq. 26, approximately growth-rate adaptive). By Ville's inequality the capital ever reaches 1/a with a probability of
 * at most a, whenever one looks: no correction for looking after every answer.
 *
 * <p>Threading: immutable.
 *
 * @param rate hypothesis: the rate of successes is at least this, 0 exclusive to 1 exclusive
 * @param logCapital natural logarithm, 0 at the start
 * @param peak largest so far
 * @param seen observations
 * @param failures among them
 */
public record BettingTest(double rate, double logCapital, double peak, long seen, long failures) {
    /** At most this part of the capital is at stake: one surprise must not ruin it (arbitrary; the paper has 1/2 to 3/4). */
    private static final double MOST = 0.75;

    public static BettingTest against(double rate) {
        return new BettingTest(Math.clamp(rate, 0.01, 0.99), 0, 0, 0, 0);
    }

    /**
     * Lower end of what the reference's rate may be, a one-sided interval after Wilson (1927): a reference of few answers
     * must not make the others look worse than they are.
     *
     * @param z standard deviations, such as 2.33 for 1 %
     */
    public static double lowerRate(long successes, long total, double z) {
        double n = total;
        double p = successes / n;
        double z2 = z * z;
        double centre = p + z2 / (2 * n);
        double spread = z * Math.sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return Math.max(0, (centre - spread) / (1 + z2 / n));
    }

    public BettingTest after(boolean success) {
        double failure = success ? 0 : 1;
        double expected = 1 - rate; // failures, at most, if the hypothesis holds
        // Of what was seen before this one only: a bet may not know its outcome. Half of each as if seen at the start.
        double mean = (failures + 0.5) / (seen + 1);
        double variance = Math.max(mean * (1 - mean), 0.01);
        double wanted = (mean - expected) / (variance + (mean - expected) * (mean - expected));
        double bet = Math.clamp(wanted, 0, MOST / expected);
        double capital = logCapital + Math.log1p(bet * (failure - expected));
        return new BettingTest(rate, capital, Math.max(peak, capital), seen + 1, failures + (success ? 0 : 1));
    }
}
