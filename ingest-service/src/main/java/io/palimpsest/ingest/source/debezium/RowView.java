package io.palimpsest.ingest.source.debezium;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import org.jspecify.annotations.Nullable;

/**
 * A row as it is now: what was not sent because it had not changed is as it was before.
 *
 * @param before null: not logged
 */
record RowView(Row after, @Nullable Row before) {
    boolean has(String column) {
        return after.has(column);
    }

    /** Neither the row now nor the row before tells. */
    boolean isUnavailable(String column) {
        return after.isUnavailable(column) && (before == null || !before.has(column) || before.isUnavailable(column));
    }

    boolean isNull(String column) {
        return row(column).isNull(column);
    }

    /** The row that tells. */
    Row row(String column) {
        return before != null && after.isUnavailable(column) ? before : after;
    }

    /** Null where the column is NULL, or not there. */
    @Nullable
    String text(String column) {
        if (isUnavailable(column)) {
            throw unavailable(column);
        }
        return row(column).text(column);
    }

    /** @throws PalimpsestException ROW_COLUMN_MISSING */
    void require(String column) {
        if (!after.has(column)) {
            throw new PalimpsestException(
                    ErrorCode.ROW_COLUMN_MISSING, "the row has no column " + column + ", which the mapping needs");
        }
    }

    PalimpsestException unavailable(String column) {
        return new PalimpsestException(
                ErrorCode.ROW_VALUE_UNAVAILABLE,
                "column " + column + " was not sent, since it had not changed, and the row before neither");
    }
}
