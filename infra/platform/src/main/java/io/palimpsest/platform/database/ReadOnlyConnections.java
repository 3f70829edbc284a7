package io.palimpsest.platform.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/** Throws a connection that takes no writes out of the pool, where it would stay for half an hour, wherever the primary is by then. */
final class ReadOnlyConnections implements SQLExceptionOverride {
    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException e) {
        return Trouble.of(e) == Trouble.READ_ONLY
                ? SQLExceptionOverride.Override.MUST_EVICT
                : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
}
