package io.palimpsest.platform.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeasesTest {
    private static final Leases.Pace QUICK = new Leases.Pace(Duration.ofMillis(100), Duration.ofSeconds(2));
    /** Never renews while a test runs: as good as dead. */
    private static final Leases.Pace STILL = new Leases.Pace(Duration.ofHours(1), Duration.ofSeconds(2));

    private final List<String> lost = new CopyOnWriteArrayList<>();
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
    void aNameIsRefusedWhileItsHolderLivesAndFreeOnceItIsLetGo() throws Exception {
        try (Leases first = new Leases(database.sql(), "first", QUICK);
                Leases second = new Leases(database.sql(), "second", QUICK)) {
            Lease held = first.take("name", "", lease -> {}).orElseThrow();
            assertThat(second.take("name", "", lease -> {})).isEmpty();
            assertThat(held.isHeld()).isTrue();
            held.close();
            assertThat(second.take("name", "", lease -> {})).isPresent();
        }
    }

    @Test
    void aDeadHoldersNameIsTakenAfterAWhileAndTheDeadLearnsItWhenItWakes() throws Exception {
        try (Leases dead = new Leases(database.sql(), "dead", STILL);
                Leases heir = new Leases(database.sql(), "heir", QUICK)) {
            assertThat(dead.take("name", "", lease -> {})).isPresent();
            assertThat(heir.take("name", "", lease -> {})).isPresent();
        }
        try (Leases sleeper = new Leases(
                        database.sql(), "sleeper", new Leases.Pace(Duration.ofSeconds(3), Duration.ofSeconds(1)));
                Leases heir = new Leases(database.sql(), "heir", STILL)) {
            Lease slept =
                    sleeper.take("other", "", lease -> lost.add(lease.name())).orElseThrow();
            assertThat(heir.take("other", "", lease -> {})).isPresent();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (slept.isHeld() && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            assertThat(slept.isHeld()).isFalse();
            assertThat(lost).containsExactly("other");
        }
    }

    @Test
    void aRestartTakesItsOwnNameBackAtOnce() throws Exception {
        try (Leases killed = new Leases(database.sql(), "same", STILL);
                Leases restarted = new Leases(
                        database.sql(), "same", new Leases.Pace(Duration.ofMillis(100), Duration.ofDays(1)))) {
            assertThat(killed.take("name", "", lease -> {})).isPresent();
            assertThat(restarted.take("name", "", lease -> {})).isPresent();
        }
    }

    @Test
    void onlyALivingHolderOfAnotherNoteIsInTheWay() throws Exception {
        try (Leases dead = new Leases(database.sql(), "dead", STILL);
                Leases other = new Leases(database.sql(), "other", QUICK);
                Leases mine = new Leases(database.sql(), "mine", QUICK)) {
            assertThat(dead.take("service/a", "old", lease -> {})).isPresent();
            assertThat(mine.take("service/b", "new", lease -> {})).isPresent();
            assertThat(mine.differing("service/", "new")).isEmpty();
            assertThat(other.take("service/c", "new", lease -> {})).isPresent();
            assertThat(mine.differing("service/", "new")).isEmpty();
            assertThat(other.take("service/d", "old", lease -> {})).isPresent();
            assertThat(mine.differing("service/", "new")).contains("service/d");
            assertThat(mine.differing("elsewhere/", "new")).isEmpty();
        }
    }
}
