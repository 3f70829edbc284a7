package io.palimpsest.platform.database;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;

/** The tables of this version, or what an operator has to do to get them. */
final class Schema {
    private Schema() {}

    /**
     * @param name of the database, for messages
     * @throws PalimpsestException CONFIG_INVALID where these tables are not ours to change, DATABASE_FAILED where a migration failed
     */
    static void migrate(Flyway flyway, String name) {
        try {
            requireNotNewer(flyway.info(), name);
            flyway.migrate();
        } catch (FlywayException e) {
            throw explained(name, e);
        }
    }

    /** An older version would write rows as the newer one no longer reads them. */
    private static void requireNotNewer(MigrationInfoService schema, String name) {
        MigrationInfo newest = schema.current();
        if (newest != null
                && (newest.getState() == MigrationState.FUTURE_SUCCESS
                        || newest.getState() == MigrationState.FUTURE_FAILED)) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    name + " has the tables of a newer version (" + newest.getVersion()
                            + "): start that version, or restore the backup from before its first start");
        }
    }

    private static PalimpsestException explained(String name, FlywayException e) {
        String problem = problem(e);
        return problem == null
                ? new PalimpsestException(
                        ErrorCode.DATABASE_FAILED,
                        name + " " + Refusal.within(e).advice() + " (its tables were not brought to this version)",
                        e)
                : new PalimpsestException(ErrorCode.CONFIG_INVALID, name + " " + problem, e);
    }

    private static @Nullable String problem(FlywayException e) {
        if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
            return "has tables of something else: give an empty database, or a schema of its own, as database.url";
        }
        return e.getErrorCode() == CoreErrorCode.VALIDATE_ERROR
                ? "has tables that another build made differently: start a released version, or restore a backup of one"
                : null;
    }
}
