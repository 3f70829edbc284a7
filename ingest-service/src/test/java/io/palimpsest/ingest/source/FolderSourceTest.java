package io.palimpsest.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.intake.ChangePublisher;
import io.palimpsest.ingest.intake.CollectionRegistry;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.FolderSettings;
import io.palimpsest.platform.config.IntakeSettings;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.telemetry.Telemetry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.MockProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
final class FolderSourceTest {
    @TempDir
    Path dir;

    private Path root;
    private Database database;
    private ChangeIntake intake;
    private MockProducer<DocumentKey, DocumentChanged> producer;
    private final Telemetry telemetry = Telemetry.local();

    @BeforeEach
    void open() throws Exception {
        root = Files.createDirectory(dir.resolve("root"));
        database = Database.open(DatabaseSettings.inFile(dir.resolve("test.db")));
        begin(true);
    }

    @AfterEach
    void close() {
        database.close();
        telemetry.close();
    }

    @Test
    void whatHappenedWhileItWasDownIsFoundAndNothingElseIsPublished() throws Exception {
        write("kept.md", "same");
        write("edited.md", "before");
        write("deleted.md", "gone soon");
        try (FolderSource source = started()) {
            until(() -> sent().size() == 3);
            until(() -> source.progress().listed() == 3);
        }
        producer.clear();
        write("edited.md", "after");
        write("created.md", "new");
        Files.delete(root.resolve("deleted.md"));
        Files.setLastModifiedTime(root.resolve("kept.md"), java.nio.file.attribute.FileTime.fromMillis(1_000));

        try (FolderSource source = started()) {
            until(() -> sent().size() == 3 && source.progress().published() == 3);
            assertThat(sent())
                    .extracting(change -> change.key().document().value() + " " + change.type())
                    .containsExactlyInAnyOrder(
                            "folder:edited.md " + ChangeType.UPDATED,
                            "folder:created.md " + ChangeType.CREATED,
                            "folder:deleted.md " + ChangeType.DELETED);
        }
    }

    @Test
    void aChangeThatWasNotAcknowledgedIsSentAgainUnderTheSameNumber() throws Exception {
        begin(false); // the broker takes it and its answer is lost
        write("one.md", "text");
        FolderSource killed = started();
        until(() -> !producer.history().isEmpty());
        DocumentChanged first = sent().getFirst();
        killed.close();

        begin(true);
        try (FolderSource source = started()) {
            until(() -> source.progress().published() == 1);
            assertThat(sent()).hasSize(1);
            assertThat(sent().getFirst().changeId()).isEqualTo(first.changeId());
            assertThat(sent().getFirst().position()).isEqualTo(first.position());
        }
    }

    @Test
    void aFolderThatSuddenlyLacksMostDocumentsDeletesNothingUntilApproved() throws Exception {
        for (int i = 0; i < 30; i++) {
            write("d" + i + ".md", "document " + i);
        }
        try (FolderSource source = started()) {
            until(() -> source.progress().published() == 30);
        }
        producer.clear();
        for (int i = 0; i < 25; i++) {
            Files.delete(root.resolve("d" + i + ".md"));
        }
        write("d29.md", "edited");
        try (FolderSource source = started()) {
            until(() ->
                    source.progress().heldDeletes() == 25 && source.progress().published() == 1);
            assertThat(sent()).extracting(DocumentChanged::type).containsExactly(ChangeType.UPDATED);
            source.approveDeletes();
            until(() -> source.progress().published() == 26);
            assertThat(source.progress().heldDeletes()).isZero();
        }
    }

    @Test
    void aFolderThatIsAwayDeletesNothing() throws Exception {
        write("one.md", "text");
        try (FolderSource source = started()) {
            until(() -> source.progress().published() == 1);
            Files.move(root, dir.resolve("elsewhere"));
            until(() -> source.progress().problem() != null);
            assertThat(sent()).hasSize(1);
        }
    }

    private List<DocumentChanged> sent() {
        return producer.history().stream().map(record -> record.value()).toList();
    }

    private void begin(boolean acknowledges) {
        producer = new MockProducer<>(
                acknowledges,
                null,
                Topics.CHANGED.key().serializer(),
                Topics.CHANGED.value().serializer());
        intake = new ChangeIntake(
                new IntakeSettings(1 << 20, Set.of("default"), "local", "default"),
                new CollectionRegistry(database.sql(), Clock.systemUTC(), name -> true),
                new FileContentStore(
                        dir.resolve("content"),
                        new DocumentKeys(database.dataSource(), MasterKey.ensure(dir.resolve("master.key")))),
                new ChangePublisher(producer, telemetry.tracing()),
                telemetry,
                Clock.systemUTC());
    }

    private FolderSource started() {
        FolderSource source = new FolderSource(
                "",
                root,
                CollectionKey.of("local", "default"),
                new FolderSettings(List.of(root), Duration.ofMinutes(1), 0.5),
                intake,
                database.sql(),
                Clock.systemUTC());
        source.start();
        return source;
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(root.resolve(name), text);
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not reached within a minute");
            }
            Thread.sleep(20);
        }
    }
}
