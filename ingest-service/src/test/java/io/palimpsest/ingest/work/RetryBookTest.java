package io.palimpsest.ingest.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When work is tried again. */
final class RetryBookTest {
    private static final DocumentKey KEY = DocumentKey.of("acme", "docs", "urn:a");
    private static final DocumentAccepted WORK = new DocumentAccepted(
            KEY,
            1,
            ChangeId.of(KEY, "test", "a"),
            "test",
            new Position(0, 1),
            DocumentAccepted.Effect.CONTENT,
            1,
            ContentReference.stored(ContentHash.ofText("a"), 1),
            DocumentProperties.NONE,
            Instant.EPOCH,
            Instant.EPOCH);

    private Instant now = Instant.parse("2026-11-01T12:00:00Z");

    @TempDir
    private Path directory;

    @Test
    void workThatFailsAgainBeforeItsSendingIsNotedKeepsItsNextAttempt() throws Exception {
        try (Database database = Database.open(
                Settings.load(Map.of("data.dir", directory.toString())).database())) {
            RetryBook book = new RetryBook(database.sql(), () -> now);
            book.later(Lane.SMALL, WORK, 1, null);
            now = now.plusSeconds(2);
            RetryBook.Due due = book.due().getFirst();
            // It is on its topic: a worker takes it and fails, before whoever sent it comes to note that.
            book.later(Lane.SMALL, WORK, 2, null);

            book.sent(due);

            now = now.plusSeconds(3);
            assertThat(book.due()).extracting(RetryBook.Due::work).containsExactly(WORK);
        }
    }

    @Test
    void workThatWasSentIsNotSentAgainAndKeepsItsCount() throws Exception {
        try (Database database = Database.open(
                Settings.load(Map.of("data.dir", directory.toString())).database())) {
            RetryBook book = new RetryBook(database.sql(), () -> now);
            book.later(Lane.SMALL, WORK, 1, null);
            now = now.plusSeconds(2);
            RetryBook.Due due = book.due().getFirst();
            assertThat(book.due()).as("claimed").isEmpty();
            book.sent(due);

            now = now.plusSeconds(60);
            assertThat(book.due()).isEmpty();
            assertThat(book.attempts(WORK)).isEqualTo(1);
        }
    }

    @Test
    void workThatWasClaimedAndNeverSentIsDueAgain() throws Exception {
        try (Database database = Database.open(
                Settings.load(Map.of("data.dir", directory.toString())).database())) {
            RetryBook book = new RetryBook(database.sql(), () -> now);
            book.later(Lane.SMALL, WORK, 1, null);
            now = now.plusSeconds(2);
            assertThat(book.due()).hasSize(1);

            now = now.plusSeconds(31);
            assertThat(book.due()).hasSize(1);
        }
    }
}
