package io.palimpsest.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is told of a database, by what it answered. */
final class StandingTest {
    private final AtomicLong now = new AtomicLong();
    private final Standing standing = new Standing("PostgreSQL at db.example", "PostgreSQL", now::get);

    @Test
    void anAbsenceLastsUntilTheNextAnswer() {
        assertThat(standing.state().ready()).isTrue();
        standing.silent(Refusal.SILENT, "08006");
        now.addAndGet(3_000);

        assertThat(standing.absence()).isEqualTo(Duration.ofNanos(3_000));
        assertThat(standing.state().ready()).isFalse();
        assertThat(standing.state().detail())
                .startsWith("PostgreSQL does not answer")
                .doesNotContain("db.example");
        standing.silent(Refusal.CREDENTIALS, "28P01");
        assertThat(standing.absence()).as("since it began").isEqualTo(Duration.ofNanos(3_000));
        assertThat(standing.state().detail()).contains("does not let database.user in");

        standing.answered();
        assertThat(standing.state().ready()).isTrue();
        assertThat(standing.absence()).isZero();
    }

    @Test
    void aRefusedWriteLastsUntilWritesAreTakenForAWhile() {
        standing.refusedWrite(Refusal.FULL, "53100");
        standing.answered();
        assertThat(standing.state().detail()).as("questions are still answered").contains("room");

        standing.wrote();
        assertThat(standing.state().ready()).as("a small write may fit").isFalse();
        now.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(standing.state().ready()).as("nothing was written").isFalse();
        standing.wrote();
        assertThat(standing.state().ready()).isTrue();
    }

    @Test
    void aWriteThatBrokeOffLastsUntilOneSucceeds() {
        standing.silent(Refusal.SILENT, "08006");
        standing.refusedWrite(Refusal.SILENT, "08006");
        standing.answered();
        assertThat(standing.state().ready())
                .as("it may have crashed for want of room, and read again")
                .isFalse();

        standing.wrote();
        assertThat(standing.state().ready()).isTrue();
    }

    @Test
    void aWriteThatWouldFailAnywhereSaysNothingOfTheServer() {
        standing.refusedWrite(Refusal.OTHER, "23505");

        assertThat(standing.state().ready()).isTrue();
    }
}
