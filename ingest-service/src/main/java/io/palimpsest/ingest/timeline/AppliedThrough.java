package io.palimpsest.ingest.timeline;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Up to when every change of a collection has ended: what a search's wish for freshness is held against. */
public final class AppliedThrough {
    private static final String OLDEST = "SELECT MIN(received_at) AS oldest FROM document_change"
            + " WHERE tenant = ? AND collection = ? AND state IN ("
            + Arrays.stream(ChangeState.values())
                    .filter(ChangeState::inFlight)
                    .map(state -> "'" + state.name() + "'")
                    .collect(Collectors.joining(","))
            + ")";

    private final Sql sql;
    private final Supplier<Instant> followed;

    /** @param followed everything received before this moment is in the tables */
    public AppliedThrough(Sql sql, Supplier<Instant> followed) {
        this.sql = sql;
        this.followed = followed;
    }

    public Instant of(CollectionKey collection) {
        Instant known = followed.get();
        return sql
                .query(
                        OLDEST,
                        row -> Objects.requireNonNullElse(Columns.instant(row, "oldest"), known),
                        Columns.of(collection.tenant(), collection.collection()))
                .stream()
                .findFirst()
                .filter(oldest -> oldest.isBefore(known))
                .orElse(known);
    }
}
