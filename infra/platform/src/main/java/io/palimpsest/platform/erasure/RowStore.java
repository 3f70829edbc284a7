package io.palimpsest.platform.erasure;

import io.palimpsest.platform.database.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the database that name a document: they are deleted, or made to name it no more. Threading: safe. Failure: DATABASE_FAILED.
 *
 * @param residuals what stays
 */
public record RowStore(String name, Phase phase, Coverage covers, Sql sql, List<Rows> rows, List<String> residuals)
        implements ErasableStore {
    public RowStore {
        rows = List.copyOf(rows);
        residuals = List.copyOf(residuals);
    }

    public RowStore(String name, Phase phase, Coverage covers, Sql sql, List<Rows> rows) {
        this(name, phase, covers, sql, rows, List.of());
    }

    /**
     * Some rows of one table.
     *
     * @param change statement that deletes or changes them
     * @param count statement that counts them
     */
    public record Rows(
            String change,
            Function<Erasing, List<? extends @Nullable Object>> changeValues,
            String count,
            Function<Erasing, List<? extends @Nullable Object>> countValues) {}

    /** @param where with a question mark for each of the values; both from the code */
    public static Rows deleted(String table, String where, Function<Erasing, List<? extends @Nullable Object>> values) {
        return new Rows(
                "DELETE FROM " + table + " WHERE " + where,
                values,
                "SELECT COUNT(*) FROM " + table + " WHERE " + where,
                values);
    }

    /** @param set such as {@code a = ?, b = NULL} */
    public static Rows changed(
            String table,
            String set,
            Function<Erasing, List<? extends @Nullable Object>> setValues,
            String where,
            Function<Erasing, List<? extends @Nullable Object>> values) {
        return new Rows(
                "UPDATE " + table + " SET " + set + " WHERE " + where,
                erasing -> Stream.concat(setValues.apply(erasing).stream(), values.apply(erasing).stream())
                        .toList(),
                "SELECT COUNT(*) FROM " + table + " WHERE " + where,
                values);
    }

    /** The document's key as text. */
    public static List<Object> byKey(Erasing erasing) {
        return List.of(erasing.document().toString());
    }

    /** Tenant, collection and the document's id. */
    public static List<Object> byId(Erasing erasing) {
        return List.of(
                erasing.document().tenant().value(),
                erasing.document().collection().value(),
                erasing.document().document().value());
    }

    @Override
    public long erase(Erasing erasing) {
        return sql.inTransaction(transaction -> erase(transaction, erasing));
    }

    /** In the caller's transaction. */
    public long erase(Sql.Transaction transaction, Erasing erasing) throws SQLException {
        long changed = 0;
        for (Rows each : rows) {
            changed += transaction.update(
                    each.change(), each.changeValues().apply(erasing).toArray());
        }
        return changed;
    }

    @Override
    public Probed probe(Erasing erasing) {
        long found = 0;
        for (Rows each : rows) {
            found += sql.first(
                            each.count(),
                            row -> row.getLong(1),
                            each.countValues().apply(erasing).toArray())
                    .orElse(0L);
        }
        return new Probed(found, residuals);
    }
}
