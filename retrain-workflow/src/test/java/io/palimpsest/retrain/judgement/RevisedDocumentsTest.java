package io.palimpsest.retrain.judgement;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.kafka.KafkaClients;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class RevisedDocumentsTest {
    private static final DocumentKey KEY = DocumentKey.of(DOCS, "a");

    @TempDir
    Path folder;

    private TestDatabases databases;
    private Database database;
    private RevisedDocuments documents;

    TestDatabases databases(Path directory) {
        return TestDatabases.files(directory);
    }

    @BeforeEach
    void open() {
        databases = databases(folder);
        database = Database.open(databases.fresh());
        documents = new RevisedDocuments(
                database.sql(), new KafkaClients(Settings.defaults(folder).kafka()), "test");
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    @Test
    void theHighestRevisionStandsWhateverIsReadAgain() {
        assertThat(documents.of(KEY)).isEmpty();
        keep(revised(2, DocumentRevised.State.LIVE, true), revised(1, DocumentRevised.State.LIVE, false));
        assertThat(documents.of(KEY))
                .contains(new DocumentStandings.Standing(2, true, true, Set.of("user:ann", "group:hr")));
        keep(revised(3, DocumentRevised.State.DELETED, false));
        keep(revised(2, DocumentRevised.State.LIVE, true));
        assertThat(documents.of(KEY).orElseThrow().live()).isFalse();
    }

    @Test
    void whoIsNotOnTheListIsNotAdmittedAndADeletedDocumentAdmitsNobody() {
        Set<String> access = Set.of("user:ann");
        assertThat(new DocumentStandings.Standing(1, true, false, access).admits(Set.of("user:ann", "*")))
                .isTrue();
        assertThat(new DocumentStandings.Standing(1, true, false, access).admits(Set.of("user:bob", "*")))
                .isFalse();
        assertThat(new DocumentStandings.Standing(1, true, false, Set.of()).admits(Set.of("*")))
                .isFalse();
        assertThat(new DocumentStandings.Standing(1, false, false, access).admits(access))
                .isFalse();
    }

    private void keep(DocumentRevised... revisions) {
        documents.keep(List.of(revisions).stream()
                .map(revised -> new ConsumerRecord<>(Topics.REVISED.name(), 0, 0, KEY, revised))
                .toList());
    }

    private static DocumentRevised revised(long revision, DocumentRevised.State state, boolean sensitive) {
        return new DocumentRevised(
                KEY,
                revision,
                revision,
                revision,
                new ChangeId("change-" + revision),
                "/test",
                state,
                null,
                null,
                null,
                0,
                null,
                null,
                null,
                List.of("user:ann", "group:hr"),
                Map.of(),
                sensitive,
                null,
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
