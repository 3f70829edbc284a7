package io.palimpsest.retrain.evaluate;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static io.palimpsest.retrain.feedback.QueryLogRows.caller;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import io.palimpsest.retrain.evaluate.Approvals.Outcome;
import io.palimpsest.retrain.evaluate.Approvals.Verdict;
import io.palimpsest.retrain.feedback.MovableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class ApprovalsTest {
    private static final Caller ANN = caller("ann", Role.APPROVE);
    private static final Caller BOB = caller("bob", Role.APPROVE);
    private static final ModelId MODEL = new ModelId("lora/fp32/1");

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-01T12:00:00Z"));
    private final List<LedgerEntry> ledger = new ArrayList<>();
    private TestDatabases databases;
    private Database database;
    private Approvals approvals;

    TestDatabases databases(Path directory) {
        return TestDatabases.files(directory);
    }

    @BeforeEach
    void open() {
        databases = databases(folder);
        database = Database.open(databases.fresh());
        approvals = new Approvals(database.sql(), new LedgerEntries(new byte[32]), ledger::add, clock);
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    @Test
    void onePersonWithTheRoleAndAReasonIsEnoughWhereOneIsAsked() {
        wait(1);
        assertCode(ErrorCode.ROLE_MISSING, caller("eve", Role.REVIEW), "because");
        assertCode(ErrorCode.APPROVAL_INVALID, ANN, " ? ");

        Approvals.Request decided = approvals.decide("run-1", ANN, Verdict.APPROVE, "the gain is real");

        assertThat(decided.outcome()).isEqualTo(Outcome.APPROVED);
        assertThat(approvals.find("run-1")).contains(decided);
        assertThat(approvals.decide("run-1", ANN, Verdict.APPROVE, "again")).isEqualTo(decided);
        assertCode(ErrorCode.APPROVAL_ALREADY_DECIDED, BOB, "me too");
        assertThat(ledger).extracting(LedgerEntry::type).containsExactly(LedgerEntry.Type.APPROVAL_GIVEN);
        assertThat(ledger.toString()).doesNotContain("the gain is real", "ann");
    }

    @Test
    void twoPeopleAreTwoPeople() {
        wait(2);
        assertThat(approvals.decide("run-1", ANN, Verdict.APPROVE, "looks good").outcome())
                .isEqualTo(Outcome.WAITING);
        assertCode(ErrorCode.APPROVAL_SECOND_PERSON, ANN, "still good");
        assertThat(approvals.decide("run-1", BOB, Verdict.APPROVE, "looks good").outcome())
                .isEqualTo(Outcome.APPROVED);
    }

    @Test
    void oneRefusalEndsIt() {
        wait(2);
        approvals.decide("run-1", ANN, Verdict.APPROVE, "looks good");
        assertThat(approvals.decide("run-1", ANN, Verdict.REJECT, "I was wrong").outcome())
                .isEqualTo(Outcome.REJECTED);
        assertCode(ErrorCode.APPROVAL_ALREADY_DECIDED, BOB, "looks good");
        assertThat(ledger)
                .extracting(LedgerEntry::type)
                .containsExactly(LedgerEntry.Type.APPROVAL_GIVEN, LedgerEntry.Type.APPROVAL_REFUSED);
    }

    @Test
    void afterExpiryItIsTooLateForGood() {
        wait(1);
        clock.forward(Duration.ofDays(3).minusMillis(1));
        assertThat(approvals.find("run-1").orElseThrow().outcome()).isEqualTo(Outcome.WAITING);
        clock.forward(Duration.ofMillis(1));
        assertCode(ErrorCode.APPROVAL_EXPIRED, ANN, "looks good");
        assertThat(approvals.find("run-1").orElseThrow().outcome()).isEqualTo(Outcome.EXPIRED);
        assertThat(wait(1).outcome()).as("asked again").isEqualTo(Outcome.EXPIRED);
    }

    @Test
    void aRunOfACollectionThatIsNotTheirsIsNotThere() {
        wait(1);
        Caller other =
                new Caller(ANN.tenant(), "zoe", java.util.Set.of(), java.util.Set.of(), java.util.Set.of(Role.APPROVE));
        assertCode(ErrorCode.NOT_FOUND, other, "looks good");
        assertThatThrownBy(() -> approvals.decide("run-2", ANN, Verdict.APPROVE, "looks good"))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    private Approvals.Request wait(int people) {
        return approvals.request("run-1", DOCS, MODEL, people, Duration.ofDays(3));
    }

    private void assertCode(ErrorCode code, Caller person, String reason) {
        assertThatThrownBy(() -> approvals.decide("run-1", person, Verdict.APPROVE, reason))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
