package io.palimpsest.ingest.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.ingest.erase.LateRecords;
import io.palimpsest.ingest.erase.RecentSuppressions;
import io.palimpsest.ingest.extract.ExtractionOutcome;
import io.palimpsest.ingest.fetch.Validators;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.ingest.quarantine.Quarantine;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.ledger.LedgerEntries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtractionTest {
    private static final DocumentKey KEY = DocumentKey.of("acme", "docs", "urn:doc");

    private static final Fetching NOWHERE = (uri, previous, into) -> {
        throw new IllegalStateException("nothing is referenced here");
    };

    @TempDir
    Path dir;

    private TestDatabases databases;
    private Database database;
    private FileContentStore contents;

    TestDatabases databases(Path folder) {
        return TestDatabases.files(folder);
    }

    @BeforeEach
    void open() {
        databases = databases(dir);
        database = Database.open(databases.fresh());
        contents = new FileContentStore(
                dir.resolve("content"), new DocumentKeys(database.sql(), MasterKey.ensure(dir.resolve("master.key"))));
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    @Test
    void whatCanNeverSucceedEndsAtTheFirstAttempt() {
        for (ErrorCode code : new ErrorCode[] {ErrorCode.CONTENT_DAMAGED, ErrorCode.CONTENT_GONE}) {
            assertThat(throwing(code).run(Lane.SMALL, work("text"), 1))
                    .isInstanceOfSatisfying(
                            Ending.Finished.class,
                            ending -> assertThat(ending.fact().errorCode()).isEqualTo(code));
        }
    }

    @Test
    void contentThatIsGoneEndsAtTheFirstAttempt() {
        DocumentAccepted work = work("text");
        contents.eraseDocument(KEY);

        assertThat(throwing(ErrorCode.INTERNAL).run(Lane.SMALL, work, 1))
                .isInstanceOfSatisfying(
                        Ending.Finished.class,
                        ending -> assertThat(ending.fact().errorCode()).isEqualTo(ErrorCode.CONTENT_GONE));
    }

    @Test
    void aStoreThatIsAwayIsNoEnd() {
        assertThatThrownBy(() -> throwing(ErrorCode.STORE_FAILED).run(Lane.SMALL, work("text"), 1))
                .isInstanceOf(PalimpsestException.class);
    }

    @Test
    void aReferencedContentThatIsDamagedInTheStoreIsFetchedAgain() throws Exception {
        List<Boolean> conditional = new ArrayList<>();
        Fetching fetcher = (uri, previous, into) -> {
            conditional.add(previous != null);
            return previous == null ? fetched(into) : new Fetching.NotModified();
        };
        Extraction extraction = extraction(ErrorCode.STORE_FAILED, fetcher);
        DocumentAccepted work = work(ContentReference.at(URI.create("https://example.org/a")));
        assertThatThrownBy(() -> extraction.run(Lane.SMALL, work, 1)).isInstanceOf(PalimpsestException.class);
        damageAll();

        assertThat(extraction.run(Lane.SMALL, work, 1))
                .isInstanceOfSatisfying(
                        Ending.Later.class, ending -> assertThat(ending.code()).isEqualTo(ErrorCode.CONTENT_DAMAGED));
        assertThatThrownBy(() -> extraction.run(Lane.SMALL, work, 2)).isInstanceOf(PalimpsestException.class);
        assertThat(conditional).containsExactly(false, true, false);
        assertThat(contents.isIntact(KEY, ContentHash.ofText("text"))).isTrue();
    }

    @Test
    void whatATextLacksIsToldAgainWhereTheSameBytesAreNotReadAgain() {
        AtomicInteger read = new AtomicInteger();
        ExtractedDocument document = new ExtractedDocument(
                        null, "application/zip", "text", List.of(Block.of(BlockKind.PARAGRAPH, 0, 4)), Map.of())
                .withUnread("parts that were not read: 1 under a password (PAL-308)");
        Extraction extraction = extraction(
                file -> {
                    read.incrementAndGet();
                    return new ExtractionOutcome.Extracted(document);
                },
                NOWHERE);
        DocumentAccepted work = work("zip");
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(extraction.run(Lane.SMALL, work, attempt))
                    .isInstanceOfSatisfying(Ending.Finished.class, ending -> {
                        assertThat(ending.fact().outcome()).isEqualTo(DocumentExtracted.Outcome.EXTRACTED);
                        assertThat(ending.fact().errorCode()).isNull();
                        assertThat(ending.fact().message())
                                .isEqualTo("parts that were not read: 1 under a password (PAL-308)");
                    });
        }
        assertThat(read).hasValue(1);
    }

    private static Fetching.Answer fetched(Path into) {
        try {
            Files.writeString(into, "text");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Fetching.Fetched("text/plain", new Validators("etag", null));
    }

    private void damageAll() throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("content")).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length - 1] ^= 1;
                Files.write(file, bytes);
            }
        }
    }

    private Extraction throwing(ErrorCode code) {
        return extraction(code, NOWHERE);
    }

    private Extraction extraction(ErrorCode code, Fetching fetcher) {
        return extraction(
                file -> {
                    throw new PalimpsestException(code, "thrown by a test");
                },
                fetcher);
    }

    private Extraction extraction(Function<Path, ExtractionOutcome> extract, Fetching fetcher) {
        Extracting extractor = new Extracting() {
            @Override
            public ExtractorFingerprint fingerprint() {
                return new ExtractorFingerprint("fake-1");
            }

            @Override
            public ExtractionOutcome extract(Path file, @Nullable String contentType, @Nullable String fileName) {
                return extract.apply(file);
            }
        };
        Quarantine quarantine = new Quarantine(
                database.sql(),
                (topic, work, traceparent) -> {},
                new LedgerEntries(new byte[32]),
                entry -> {},
                Clock.systemUTC());
        Suppressions suppressions = new Suppressions(database.sql(), new byte[32], Clock.systemUTC());
        LateRecords late =
                new LateRecords(database.sql(), suppressions, new RecentSuppressions(suppressions, System::nanoTime));
        return new Extraction(
                new ExtractionWorkers.Engines(
                        fetcher, extractor, PassagePolicy.standard(), text -> text.split(" ", -1).length),
                new ExtractionWorkers.Stores(contents, database.sql(), quarantine, late, dir.resolve("work")),
                1 << 20,
                Clock.systemUTC());
    }

    private DocumentAccepted work(String text) {
        return work(ContentReference.stored(contents.put(KEY, text.getBytes(UTF_8)), text.length()));
    }

    private static DocumentAccepted work(ContentReference content) {
        return new DocumentAccepted(
                KEY,
                1,
                new ChangeId("change"),
                "test",
                new Position(0, 1),
                DocumentAccepted.Effect.CONTENT,
                1,
                content,
                DocumentProperties.NONE,
                Instant.now(),
                Instant.now());
    }
}
