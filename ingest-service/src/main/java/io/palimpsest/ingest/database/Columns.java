package io.palimpsest.ingest.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Instants are epoch milliseconds, booleans 0 or 1, ids and enums their text. */
public final class Columns {
    private Columns() {}

    public static @Nullable Object[] of(@Nullable Object... values) {
        @Nullable Object[] columns = new @Nullable Object[values.length];
        for (int i = 0; i < values.length; i++) {
            columns[i] = column(values[i]);
        }
        return columns;
    }

    public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    /** {@code ?, ?, ?}: as many as asked. */
    public static String placeholders(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    private static @Nullable Object column(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Instant instant -> instant.toEpochMilli();
            case Boolean flag -> flag ? 1 : 0;
            case Number number -> number;
            default -> value.toString();
        };
    }
}
