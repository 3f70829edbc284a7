package io.palimpsest.platform.cost;

/**
 * What a piece of work took.
 *
 * @param wallMillis from its begin to its end; of pieces side by side the sum
 * @param cpuMillis on all threads and processes of it that can be told; {@link #UNKNOWN} where none can
 * @param embedded passages that a model embedded: those that no cache knew
 * @param steps of training
 * @param tokens that somebody else's service trained on
 */
public record Spent(
        long wallMillis, long cpuMillis, long documents, long passages, long embedded, long steps, long tokens) {
    public static final long UNKNOWN = -1;
    public static final Spent NOTHING = new Spent(0, 0, 0, 0, 0, 0, 0);

    /** Both; CPU time is known where one's is. */
    public Spent plus(Spent other) {
        return new Spent(
                wallMillis + other.wallMillis,
                cpuMillis == UNKNOWN && other.cpuMillis == UNKNOWN
                        ? UNKNOWN
                        : Math.max(0, cpuMillis) + Math.max(0, other.cpuMillis),
                documents + other.documents,
                passages + other.passages,
                embedded + other.embedded,
                steps + other.steps,
                tokens + other.tokens);
    }
}
