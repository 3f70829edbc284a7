package io.palimpsest.ingest.timeline;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Up to when every change of a collection has ended: what a search's wish for freshness is held against. */
public final class AppliedThrough {
    private static final List<ChangeState> IN_FLIGHT =
            Arrays.stream(ChangeState.values()).filter(ChangeState::inFlight).toList();
    /** State by state, each of which is one step into the index of changes in flight. */
    private static final String OLDEST = "SELECT MIN(oldest) AS oldest FROM ("
            + IN_FLIGHT.stream()
                    .map(state -> "SELECT MIN(received_at) AS oldest FROM document_change"
                            + " WHERE tenant = ? AND collection = ? AND state = '" + state.name() + "' AND open = 1")
                    .collect(Collectors.joining(" UNION ALL "))
            + ") AS states";

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
                        Columns.of(
                                Collections.nCopies(
                                                IN_FLIGHT.size(), List.of(collection.tenant(), collection.collection()))
                                        .stream()
                                        .flatMap(List::stream)
                                        .toArray()))
                .stream()
                .findFirst()
                .filter(oldest -> oldest.isBefore(known))
                .orElse(known);
    }
}
