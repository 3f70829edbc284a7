package io.palimpsest.ingest.timeline;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Up to when every change of a collection has ended: what a search's wish for freshness is held against. Asks the database
 * only, so that processes without a timeline of their own have it too. Threading: safe. Failure: DATABASE_FAILED.
 */
public final class AppliedThrough {
    private static final List<ChangeState> IN_FLIGHT =
            Arrays.stream(ChangeState.values()).filter(ChangeState::inFlight).toList();
    /** State by state, each of which is one step into the index of changes in flight. */
    private static final String OLDEST = IN_FLIGHT.stream()
            .map(state -> "SELECT MIN(received_at) AS oldest FROM document_change"
                    + " WHERE tenant = ? AND collection = ? AND state = '" + state.name() + "' AND open = 1")
            .collect(Collectors.joining(" UNION ALL "));
    /** A partition that nobody has followed yet has no row. */
    private static final String FOLLOWED = "SELECT CASE WHEN COUNT(*) = " + Topics.CHANGED.partitions()
            + " THEN MIN(followed_at) ELSE 0 END AS oldest FROM projection_position WHERE topic = ?";

    private static final String EARLIEST =
            "SELECT MIN(oldest) AS earliest FROM (" + FOLLOWED + " UNION ALL " + OLDEST + ") AS moments";

    private final Sql sql;

    public AppliedThrough(Sql sql) {
        this.sql = sql;
    }

    /** EPOCH before the timeline has caught up once. */
    public Instant of(CollectionKey collection) {
        List<Object> values = new ArrayList<>(List.of(Topics.CHANGED.name()));
        IN_FLIGHT.forEach(state -> {
            values.add(collection.tenant());
            values.add(collection.collection());
        });
        return sql.first(EARLIEST, row -> Instant.ofEpochMilli(row.getLong("earliest")), Columns.of(values.toArray()))
                .orElse(Instant.EPOCH);
    }

    /** Everything received before this moment is in the tables, whatever state it is in; EPOCH as above. */
    public Instant followed() {
        return sql.first(
                        FOLLOWED, row -> Instant.ofEpochMilli(row.getLong("oldest")), Columns.of(Topics.CHANGED.name()))
                .orElse(Instant.EPOCH);
    }
}
