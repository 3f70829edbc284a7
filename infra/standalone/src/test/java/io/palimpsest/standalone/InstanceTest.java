package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.ServiceSettings;
import io.palimpsest.platform.config.ServiceSettings.Service;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.lease.Leases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InstanceTest {
    private static final Leases.Pace QUICK = new Leases.Pace(Duration.ofMillis(100), Duration.ofSeconds(2));

    private Database database;

    @BeforeEach
    void open(@TempDir Path dir) {
        database = Database.open(DatabaseSettings.inFile(dir.resolve("test.db")));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aProcessOfEverythingIsStandaloneAndOthersHaveTheNameOfTheHost() {
        assertThat(Instance.name(Settings.load(Map.of()).services())).isEqualTo("standalone");
        assertThat(Instance.name(Settings.load(Map.of("instance.name", "a")).services()))
                .isEqualTo("a");
        assertThat(Instance.name(new ServiceSettings(Set.of(Service.INGEST), Optional.empty())))
                .matches("[A-Za-z0-9._-]+")
                .isNotEqualTo("standalone");
    }

    @Test
    void aNameIsHeldForEachServiceByOneProcess() throws Exception {
        try (Leases one = leases("one");
                Leases two = leases("two")) {
            new Instance("a", one).hold(Service.INGEST);
            new Instance("b", two).hold(Service.INGEST);
            new Instance("a", two).holdIndex("index");
            Instance second = new Instance("a", two);
            assertThatThrownBy(() -> second.hold(Service.INGEST))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_TAKEN))
                    .hasMessageContaining("'a'");
        }
    }

    @Test
    void twoIndexServicesNeedOneIndex() throws Exception {
        try (Leases one = leases("one");
                Leases two = leases("two");
                Leases three = leases("three")) {
            new Instance("a", one).holdIndex("server");
            new Instance("b", two).holdIndex("server");
            Instance stranger = new Instance("c", three);
            assertThatThrownBy(() -> stranger.holdIndex("folder"))
                    .hasMessageContaining("set index.engine=weaviate, with the same address and prefix");
        }
    }

    @Test
    void aProcessThatStoodStillIsToldThatItsNameIsLost() throws Exception {
        try (Leases sleeper = new Leases(
                        database.sql(), "sleeper", new Leases.Pace(Duration.ofSeconds(4), Duration.ofDays(1)));
                Leases heir = leases("heir")) {
            Instance slept = new Instance("a", sleeper);
            slept.hold(Service.INGEST);
            new Instance("a", heir).hold(Service.INGEST);
            assertThat(slept.ended().get(30, TimeUnit.SECONDS).code()).isEqualTo(ErrorCode.INSTANCE_TAKEN);
        }
    }

    private Leases leases(String holder) {
        return new Leases(database.sql(), holder, QUICK);
    }
}
