package io.palimpsest.ingest.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.security.Caller;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time that is left, as status tells it. */
@SuppressWarnings("NullAway.Init") // set before each test
final class PaceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LONG_AGO = NOW.minusSeconds(86_400);
    private static final ContentReference CONTENT = ContentReference.stored(ContentHash.ofText("x"), 1);

    private final List<Object> facts = new ArrayList<>();
    private TestDatabases databases;

    @BeforeEach
    void open(@TempDir Path dir) {
        databases = TestDatabases.files(dir);
    }

    @AfterEach
    void close() {
        databases.close();
    }

    @Test
    void halfDoneInFiveSecondsIsFiveSecondsMore() {
        done(50, 5);
        open(50, 5);
        assertThat(etaMs(LONG_AGO)).isEqualTo(5_000);
    }

    @Test
    void fewThatEndedAreMeasuredFromTheFirstOfThem() {
        done(3, 6);
        open(6, 6);
        assertThat(etaMs(LONG_AGO)).isEqualTo(12_000);
    }

    @Test
    void whatWasDoneLongerAgoIsNotCountedWhereEnoughEndedSince() {
        ended(1, 50, 49);
        done(50, 5);
        open(50, 5);
        assertThat(etaMs(LONG_AGO)).isEqualTo(5_000);
    }

    @Test
    void workThatWaitedForALongTimeIsMeasuredOverAMinute() {
        ended(30, 3_600, 30);
        open(60, 3_600);
        assertThat(etaMs(LONG_AGO)).isEqualTo(120_000);
    }

    @Test
    void theTimeBeforeThisProcessIsNone() {
        ended(10, 3_600, 2);
        ended(10, 3_600, 30);
        open(20, 3_600);
        assertThat(etaMs(NOW.minusSeconds(5))).isEqualTo(10_000);
    }

    @Test
    void nobodyKnowsWhereNothingMoved() {
        ended(5, 500, 400);
        open(1, 1);
        assertThat(etaMs(LONG_AGO)).isNull();
    }

    private @Nullable Long etaMs(Instant started) {
        try (Database database = Database.open(databases.fresh())) {
            database.sql().inTransaction(transaction -> {
                new TimelineBatch(transaction).apply(facts);
                return 0;
            });
            Caller caller = new Caller(key(0).tenant(), "test", Set.of(), Set.of(), Set.of(), true);
            return new FlowStatus(database.sql(), Clock.fixed(NOW, ZoneOffset.UTC), started)
                    .of(caller)
                    .total()
                    .etaMs();
        }
    }

    /** Received so many seconds ago, ended just now. */
    private void done(int changes, int receivedAgo) {
        ended(changes, receivedAgo, 0);
    }

    private void ended(int changes, int receivedAgo, int endedAgo) {
        for (int i = 0; i < changes; i++) {
            int id = open(receivedAgo);
            Instant at = NOW.minusSeconds(endedAgo);
            facts.add(new DocumentIndexed(
                    key(id),
                    new GenerationId("g1"),
                    new ModelId("m"),
                    1,
                    1,
                    change(id),
                    "/s",
                    true,
                    1,
                    1,
                    0,
                    at,
                    at,
                    null));
        }
    }

    private void open(int changes, int receivedAgo) {
        for (int i = 0; i < changes; i++) {
            open(receivedAgo);
        }
    }

    private int open(int receivedAgo) {
        int id = facts.size();
        Instant at = NOW.minusSeconds(receivedAgo);
        facts.add(new DocumentAccepted(
                key(id),
                1,
                change(id),
                "/s",
                new Position(0, 1),
                DocumentAccepted.Effect.CONTENT,
                1,
                CONTENT,
                DocumentProperties.NONE,
                at,
                at));
        return id;
    }

    private static DocumentKey key(int id) {
        return DocumentKey.of("local", "default", "urn:" + id);
    }

    private static ChangeId change(int id) {
        return new ChangeId("change-" + id);
    }
}
