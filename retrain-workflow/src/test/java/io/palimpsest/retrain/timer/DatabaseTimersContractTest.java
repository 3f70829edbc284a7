package io.palimpsest.retrain.timer;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.lease.Leases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
final class DatabaseTimersContractTest extends TimersContract {
    private static final Leases.Pace PACE = new Leases.Pace(Duration.ofMillis(200), Duration.ofSeconds(1));

    @TempDir
    private Path folder;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("timers.db")));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    Timers process(String name, Timers.Handler handler) {
        Leases leases = new Leases(database.sql(), name, PACE);
        Timers timers = new DatabaseTimers(database.sql(), leases, InstantSource.system(), handler);
        return new Timers() {
            @Override
            public void keep(String timer, Rhythm rhythm) {
                timers.keep(timer, rhythm);
            }

            @Override
            public void drop(String timer) {
                timers.drop(timer);
            }

            @Override
            public void close() {
                timers.close();
                leases.close();
            }
        };
    }
}
