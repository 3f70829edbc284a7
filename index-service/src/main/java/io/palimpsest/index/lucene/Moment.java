package io.palimpsest.index.lucene;

import java.io.IOException;
import java.time.Instant;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.jspecify.annotations.Nullable;

/** Which intervals of one segment a moment shows; null as-of = those still open. Forward-only, like all columns. */
final class Moment {
    private final @Nullable Instant asOf;
    private final NumericDocValues from;
    private final NumericDocValues to;

    private Moment(@Nullable Instant asOf, NumericDocValues from, NumericDocValues to) {
        this.asOf = asOf;
        this.from = from;
        this.to = to;
    }

    /** @return null where the segment has no such intervals */
    static @Nullable Moment passages(LeafReader reader, @Nullable Instant asOf) throws IOException {
        return of(reader, asOf, Fields.VALID_FROM, Fields.VALID_TO);
    }

    static @Nullable Moment records(LeafReader reader, @Nullable Instant asOf) throws IOException {
        return of(reader, asOf, Fields.RECORD_FROM, Fields.RECORD_TO);
    }

    private static @Nullable Moment of(LeafReader reader, @Nullable Instant asOf, String from, String to)
            throws IOException {
        NumericDocValues starts = reader.getNumericDocValues(from);
        NumericDocValues ends = reader.getNumericDocValues(to);
        return starts == null || ends == null ? null : new Moment(asOf, starts, ends);
    }

    boolean shows(int doc) throws IOException {
        if (!to.advanceExact(doc)) {
            return false;
        }
        if (asOf == null) {
            return to.longValue() == Fields.LIVE;
        }
        long millis = asOf.toEpochMilli();
        return millis < to.longValue() && from.advanceExact(doc) && from.longValue() <= millis;
    }
}
