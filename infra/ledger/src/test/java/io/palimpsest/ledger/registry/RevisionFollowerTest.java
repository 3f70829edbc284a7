package io.palimpsest.ledger.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.registry.Artifact;
import io.palimpsest.platform.registry.Registrations;
import io.palimpsest.platform.registry.Registry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RevisionFollowerTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void countsWhatCurrentRevisionsUseAndForgetsDeletedDocuments(@TempDir Path folder) {
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")))) {
            List<LedgerEntry> told = new ArrayList<>();
            Registrations registrations = new Registrations(new LedgerEntries(new byte[32]), told::add);
            Registry registry = new Registry(database.sql(), Clock.systemUTC(), registrations);
            RevisionFollower follower = new RevisionFollower(
                    database.sql(),
                    registry,
                    new KafkaClients(Settings.defaults(folder).kafka()));
            Map<DocumentKey, Optional<DocumentRevised>> first = new HashMap<>();
            for (int i = 0; i < 3; i++) {
                first.put(key(i), Optional.of(revised(i, DocumentRevised.State.LIVE, "tika-1")));
            }
            follower.take(first);
            follower.take(first); // again, after a crash
            assertThat(counts(database)).containsExactly("tika-1 3");

            Map<DocumentKey, Optional<DocumentRevised>> later = new HashMap<>();
            later.put(key(0), Optional.of(revised(0, DocumentRevised.State.LIVE, "tika-2")));
            later.put(key(1), Optional.of(revised(1, DocumentRevised.State.DELETED, "tika-1")));
            later.put(key(2), Optional.empty());
            follower.take(later);
            assertThat(counts(database)).containsExactly("tika-2 1");
            assertThat(registry.list(each -> true))
                    .extracting(Artifact::id)
                    .contains("tika-1", "tika-2", "content-defined/1");
            assertThat(told)
                    .extracting(entry -> entry.facts().get("artifact"))
                    .as("each once by this process")
                    .containsExactlyInAnyOrder("tika-1", "tika-2", "content-defined/1");
            assertThat(registry.find("tika-1", each -> true).uses()).isEmpty();
            assertThat(registry.find("tika-2", each -> true).uses()).containsExactly("revisions of handbook");
        }
    }

    private static List<String> counts(Database database) {
        return database.sql()
                .query(
                        "SELECT extractor, COUNT(*) FROM revision_made_by GROUP BY extractor ORDER BY extractor",
                        row -> row.getString(1) + " " + row.getLong(2));
    }

    private static DocumentKey key(int number) {
        return DocumentKey.of("acme", "handbook", "urn:doc:" + number);
    }

    private static DocumentRevised revised(int number, DocumentRevised.State state, String extractor) {
        return new DocumentRevised(
                key(number),
                1,
                1,
                1,
                new ChangeId("c" + number),
                "test",
                state,
                null,
                null,
                null,
                1,
                null,
                null,
                null,
                List.of(),
                Map.of(),
                false,
                new ExtractorFingerprint(extractor),
                new PassagePolicyId("content-defined/1"),
                null,
                NOON,
                NOON);
    }
}
