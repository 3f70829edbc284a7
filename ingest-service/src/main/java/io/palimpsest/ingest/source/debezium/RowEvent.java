package io.palimpsest.ingest.source.debezium;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a record says about a row. */
sealed interface RowEvent {
    /**
     * The row is as it is now.
     *
     * @param before as it was, where the table logs it (REPLICA IDENTITY FULL)
     * @param isNew as a whole: nothing can be left out because it had not changed
     */
    record Present(Row key, @Nullable Row before, Row after, boolean isNew, Origin origin) implements RowEvent {}

    /** @param isTombstone the record had no value */
    record Gone(Row key, boolean isTombstone, Origin origin) implements RowEvent {}

    /** Every row that was in the table is gone. */
    record Truncated() implements RowEvent {}

    /**
     * Where the event comes from.
     *
     * @param coordinates the same whenever the database's event is sent, by position in its log; null: the record's place in
     *     Kafka names it
     * @param time of the commit
     */
    record Origin(@Nullable String coordinates, @Nullable Instant time) {
        static final Origin UNKNOWN = new Origin(null, null);
    }
}
