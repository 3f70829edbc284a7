package io.palimpsest.contracts.id;

/**
 * Where a change stands in its source: orders the versions of a document, {@code epoch} first. Never wall clock alone.
 *
 * @param epoch restarts of the source's numbering, from 0; of a change at most {@link #MAX_EPOCH}
 * @param sequence number within the epoch, from 0
 */
public record Position(long epoch, long sequence) implements Comparable<Position> {
    /** Before every position of a source. */
    public static final Position NONE = new Position(-1, -1);

    /** The epoch after it is left for the {@link #successor} of its last position. */
    public static final long MAX_EPOCH = Long.MAX_VALUE - 1;

    /** The next one, in the same epoch while that has numbers left: given to changes of sources that do not number theirs (order of arrival). */
    public Position successor() {
        if (sequence == Long.MAX_VALUE) {
            return new Position(Math.addExact(epoch, 1), 0);
        }
        return equals(NONE) ? new Position(0, 0) : new Position(epoch, sequence + 1);
    }

    public boolean isAfter(Position other) {
        return compareTo(other) > 0;
    }

    public static Position max(Position a, Position b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    @Override
    public int compareTo(Position other) {
        int byEpoch = Long.compare(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compare(sequence, other.sequence);
    }
}
