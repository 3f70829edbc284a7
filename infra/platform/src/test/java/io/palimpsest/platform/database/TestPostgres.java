package io.palimpsest.platform.database;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.PostgresEngine;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/** The test kit's PostgreSQL as settings have it, one server for all of a JVM. The user must be allowed to make schemas and databases. */
final class TestPostgres {
    private TestPostgres() {}

    /** Started when it is first asked for. */
    private static final class Shared {
        private static final PostgresEngine ENGINE = PostgresEngine.start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(ENGINE::close));
        }
    }

    /** The test is skipped, and says why, where there is none. */
    static DatabaseSettings server() {
        EngineKind.POSTGRES.missing().ifPresent(why -> Assumptions.abort(why));
        PostgresEngine engine = Shared.ENGINE;
        return new DatabaseSettings(
                engine.jdbcUrl(), engine.user(), new Secret(engine.password()), 4, Duration.ofSeconds(10), false);
    }

    /** Another address, with the same user. */
    static DatabaseSettings at(DatabaseSettings server, String url) {
        return new DatabaseSettings(
                url, server.user(), server.password(), server.poolSize(), server.busyTimeout(), server.sync());
    }
}
