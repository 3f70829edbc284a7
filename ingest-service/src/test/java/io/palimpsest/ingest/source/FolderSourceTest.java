package io.palimpsest.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.intake.ChangePublisher;
import io.palimpsest.ingest.intake.CollectionRegistry;
import io.palimpsest.platform.config.FolderSettings;
import io.palimpsest.platform.config.IntakeSettings;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.MockProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class FolderSourceTest {
    @TempDir
    Path dir;

    private Path root;
    private TestDatabases databases;
    private Database database;
    private Leases leases;
    private ChangeIntake intake;
    private MockProducer<DocumentKey, DocumentChanged> producer;
    private final Telemetry telemetry = Telemetry.local();

    TestDatabases databases(Path folder) {
        return TestDatabases.files(folder);
    }

    @BeforeEach
    void open() throws Exception {
        root = Files.createDirectory(dir.toRealPath().resolve("root"));
        databases = databases(dir);
        database = Database.open(databases.fresh());
        leases = new Leases(database.sql(), "test", Leases.Pace.NORMAL);
        begin(true);
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            leases.close();
            database.close();
            databases.close();
        }
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
    void ofTwoProcessesOneWatchesAndTheOtherGoesOnWhereItStopped() throws Exception {
        Leases mine = leases;
        write("one.md", "text");
        FolderSource first = started();
        until(() -> first.progress().published() == 1);
        try (Leases others = new Leases(database.sql(), "another", Leases.Pace.NORMAL)) {
            leases = others;
            try (FolderSource second = started()) {
                until(() -> second.progress().elsewhere());
                write("two.md", "more text");
                until(() -> first.progress().published() == 2);
                assertThat(second.progress().published()).isZero();
                first.close();
                write("three.md", "still more");
                until(() -> second.progress().published() == 1);
                assertThat(second.progress().elsewhere()).isFalse();
                assertThat(sent())
                        .extracting(change -> change.key().document().value())
                        .containsExactly("folder:one.md", "folder:two.md", "folder:three.md");
            }
        } finally {
            leases = mine;
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

    @Test
    void ourOwnFilesInsideAWatchedFolderAreNoDocuments() throws Exception {
        Path own = Files.createDirectory(root.resolve("palimpsest-data"));
        Files.createDirectory(own.resolve("kafka"));
        Files.writeString(own.resolve("local.key"), "secret");
        Files.writeString(own.resolve("kafka/log"), "a log");
        Path link = Files.createSymbolicLink(dir.resolve("link-to-data"), own);
        Path others = Files.createDirectory(root.resolve("data-of-another-run"));
        Files.writeString(others.resolve("master.key"), "secret");
        Files.writeString(others.resolve("notes.md"), "not a document");
        write("one.md", "text");
        try (FolderSource source = source(root, List.of(link), Files::walkFileTree)) {
            source.start();
            until(() -> source.progress().published() == 1);
            Files.writeString(own.resolve("kafka/log"), "a longer log");
            Files.writeString(own.resolve("master.key"), "secret too");
            write("two.md", "text");
            until(() -> source.progress().published() >= 2);
            assertThat(documents()).containsExactly("folder:one.md", "folder:two.md");
        }
    }

    @Test
    void aFolderInsideOurOwnFilesIsRefused() throws Exception {
        Path own = Files.createDirectories(dir.resolve("data"));
        Path absent = Files.createSymbolicLink(dir.resolve("link"), own).resolve("not/yet/there");
        for (Path watched : List.of(own, own.resolve("content"), absent)) {
            assertThatThrownBy(() -> source(watched, List.of(own), Files::walkFileTree))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                    .hasMessageContaining("folder.watch");
        }
    }

    @Test
    void aRootThatIsALinkIsFollowedAndItsDocumentsStay() throws Exception {
        write("one.md", "text");
        try (FolderSource source = started()) {
            until(() -> source.progress().published() == 1);
        }
        producer.clear();
        Path target = Files.move(root, dir.resolve("elsewhere"));
        Files.createSymbolicLink(root, target);
        try (FolderSource source = started()) {
            until(() -> !source.progress().listing());
            Files.writeString(target.resolve("two.md"), "text");
            until(() -> source.progress().published() >= 1);
            assertThat(documents()).containsExactly("folder:two.md");
            assertThat(sent().getFirst().properties().location())
                    .isEqualTo(root.resolve("two.md").toUri().toString());
            assertThat(source.progress().folder()).isEqualTo(root.toString());
        }
    }

    @Test
    void whatIsBelowAnUnreadableDirectoryIsNotGone() throws Exception {
        Path mounted = Files.createDirectory(root.resolve("mounted"));
        Files.createDirectory(mounted.resolve("deep"));
        write("mounted/a.md", "text");
        write("mounted/deep/b.md", "text");
        write("mounted-not.md", "text");
        try (FolderSource source = started()) {
            until(() -> source.progress().published() == 3);
        }
        producer.clear();
        Files.delete(root.resolve("mounted-not.md"));
        try (FolderSource source = started(root, refusing(mounted))) {
            until(() -> source.progress().published() == 1 && !source.progress().listing());
            assertThat(documents()).containsExactly("folder:mounted-not.md");
            assertThat(source.progress().unreadable()).isEqualTo(1);
            assertThat(source.progress().passedOver())
                    .containsExactly(
                            passedOver("mounted", ErrorCode.FILE_UNREADABLE, "it cannot be read; its documents stay"));
            assertThat(source.progress().listed()).isEqualTo(2);
        }
    }

    @Test
    void aPathThatCannotNameADocumentIsPassedOver() throws Exception {
        Path deep = root;
        for (int i = 0; i < 9; i++) {
            deep = Files.createDirectory(deep.resolve("d".repeat(230)));
        }
        Files.writeString(deep.resolve("too-far.md"), "text");
        write("one.md", "text");
        try (FolderSource source = started()) {
            until(() -> source.progress().published() == 1 && source.progress().unreadable() == 1);
            write("two.md", "text");
            until(() -> source.progress().published() == 2);
            assertThat(documents()).containsExactly("folder:one.md", "folder:two.md");
            assertThat(source.progress().passedOver())
                    .extracting(PassedOver.Entry::errorCode)
                    .containsExactly(ErrorCode.FILE_NAME_UNUSABLE.id());
            assertThat(source.healthy()).isTrue();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aNameThatIsNotTextIsPassedOver() throws Exception {
        write("one.md", "text");
        Process made = new ProcessBuilder("sh", "-c", "echo text > \"$(printf 'caf\\351.md')\"")
                .directory(root.toFile())
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
        try (FolderSource source = started()) {
            until(() -> source.progress().published() == 1 && source.progress().unreadable() == 1);
            assertThat(documents()).containsExactly("folder:one.md");
            assertThat(source.healthy()).isTrue();
        }
    }

    @Test
    void aDefectIsWaitedForAndDoesNotEndTheWatching() throws Exception {
        producer.sendException = new IllegalStateException("a defect");
        write("one.md", "text");
        try (FolderSource source = started()) {
            until(() -> ErrorCode.INTERNAL.id().equals(source.progress().problem()));
            assertThat(source.healthy()).isFalse();
            producer.sendException = null;
            until(() -> source.progress().published() == 1 && source.healthy());
        }
    }

    @Test
    void aLargeFileIsStoredAtIntakeAndOneThatIsTooLargeIsPassedOver() throws Exception {
        Files.write(root.resolve("large.bin"), new byte[17 << 20]);
        Files.write(root.resolve("too-large.bin"), new byte[(20 << 20) + 1]);
        try (FolderSource source = started()) {
            until(() -> source.progress().published() == 1 && source.progress().unreadable() == 1);
            assertThat(source.progress().passedOver())
                    .containsExactly(
                            passedOver("too-large.bin", ErrorCode.FETCH_TOO_LARGE, "20971521 bytes, at most 20971520"));
            assertThat(documents()).containsExactly("folder:large.bin");
            ContentReference content = Objects.requireNonNull(sent().getFirst().content());
            assertThat(content.uri()).isNull();
            assertThat(content.bytes()).isEqualTo(17 << 20);
        }
    }

    @Test
    void aFileIsTakenAsSoonAsItCanBe() throws Exception {
        Path large = root.resolve("report.md");
        Files.write(large, new byte[(20 << 20) + 1]);
        Path locked = root.resolve("locked.md");
        try (FolderSource source = started()) {
            until(() -> source.progress().unreadable() == 1);
            replace(large, "short");
            until(() -> source.progress().published() == 1 && source.progress().unreadable() == 0);
            Path written = Files.writeString(root.resolve(".locked.md"), "text");
            Files.setPosixFilePermissions(written, Set.of());
            Files.move(written, locked);
            if (!Files.isReadable(locked)) { // root reads every file
                until(() -> source.progress()
                        .passedOver()
                        .equals(List.of(passedOver("locked.md", ErrorCode.FILE_UNREADABLE, "no right to read it"))));
            }
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rw-------"));
            until(() -> source.progress().published() == 2 && source.progress().unreadable() == 0);
        }
    }

    @Test
    void aFileThatVanishesIsPassedOverNoMore() throws Exception {
        Path large = Files.write(root.resolve("large.bin"), new byte[(20 << 20) + 1]);
        try (FolderSource source = started()) {
            until(() -> source.progress().unreadable() == 1);
            Files.delete(large);
            until(() -> source.progress().unreadable() == 0);
        }
    }

    private void replace(Path file, String text) throws IOException {
        Path written = Files.writeString(root.resolve(".written"), text);
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static PassedOver.Entry passedOver(String path, ErrorCode code, String message) {
        return new PassedOver.Entry(path, code.id(), message, code.hint());
    }

    @Test
    void anEditThatKeepsSizeAndTimeIsFoundThoughAFullLookIsDueAtTheSameMoment() throws Exception {
        write("one.md", "before");
        Path edited = Files.writeString(dir.resolve("edited.md"), "edited");
        Files.setLastModifiedTime(edited, Files.getLastModifiedTime(root.resolve("one.md")));
        try (FolderSource source = source(root, List.of(), Duration.ofNanos(1), Files::walkFileTree)) {
            source.start();
            until(() -> source.progress().published() == 1 && !source.progress().listing());
            Files.move(edited, root.resolve("one.md"), StandardCopyOption.REPLACE_EXISTING);
            until(() -> source.progress().published() == 2);
            assertThat(sent().getLast().content()).isEqualTo(ContentReference.stored(ContentHash.ofText("edited"), 6));
        }
    }

    @Test
    void whatIsStillToBePublishedIsKnownFromTheStart() throws Exception {
        write("a.md", "a");
        write("b.md", "b");
        begin(false);
        try (FolderSource source = started()) {
            until(() -> sent().size() == 2);
            assertThat(source.progress().toPublish()).isEqualTo(2);
            while (producer.completeNext()) {}
            until(() -> !source.progress().listing());
            assertThat(source.progress().toPublish()).isZero();
        }
        write("c.md", "c");
        begin(false);
        try (FolderSource source = started()) {
            until(() -> sent().size() == 1);
            assertThat(source.progress().toPublish()).isEqualTo(1);
            while (producer.completeNext()) {}
            until(() -> !source.progress().listing());
            assertThat(source.progress().published()).isEqualTo(1);
        }
    }

    private static FolderTree.Walker refusing(Path directory) {
        return (start, visitor) -> Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path met, BasicFileAttributes attributes) throws IOException {
                if (met.equals(directory)) {
                    visitor.visitFileFailed(met, new AccessDeniedException(met.toString()));
                    return FileVisitResult.SKIP_SUBTREE;
                }
                return visitor.preVisitDirectory(met, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path met, BasicFileAttributes attributes) throws IOException {
                return visitor.visitFile(met, attributes);
            }
        });
    }

    private List<String> documents() {
        return sent().stream().map(change -> change.key().document().value()).toList();
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
                        new DocumentKeys(database.sql(), MasterKey.ensure(dir.resolve("master.key")))),
                new ChangePublisher(producer, "nowhere:9092", telemetry.tracing()),
                key -> false,
                telemetry,
                Clock.systemUTC());
    }

    private FolderSource started() {
        return started(root, Files::walkFileTree);
    }

    private FolderSource started(Path watched, FolderTree.Walker walker) {
        FolderSource source = source(watched, List.of(), walker);
        source.start();
        return source;
    }

    private FolderSource source(Path watched, List<Path> own, FolderTree.Walker walker) {
        return source(watched, own, Duration.ofMinutes(1), walker);
    }

    private FolderSource source(Path watched, List<Path> own, Duration rescan, FolderTree.Walker walker) {
        return new FolderSource(
                new FolderSource.Folder("", watched, CollectionKey.of("local", "default"), own, 20 << 20),
                new FolderSettings(List.of(watched), rescan, 0.5),
                intake,
                database.sql(),
                leases,
                Clock.systemUTC(),
                walker);
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
