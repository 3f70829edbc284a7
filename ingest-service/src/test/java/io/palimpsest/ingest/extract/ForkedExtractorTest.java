package io.palimpsest.ingest.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.ingest.extract.ExtractionOutcome.Empty;
import io.palimpsest.ingest.extract.ExtractionOutcome.Extracted;
import io.palimpsest.ingest.extract.ExtractionOutcome.Failed;
import io.palimpsest.ingest.extract.markdown.MarkdownBlocks;
import io.palimpsest.testkit.document.Documents;
import io.palimpsest.testkit.document.EncryptedZip;
import io.palimpsest.testkit.document.WideWorkbook;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForkedExtractorTest {
    private static final String SECRET = "the merger with Umbra is off";

    @TempDir
    static Path dir = Path.of("");

    @SuppressWarnings("NullAway.Init") // set in start(), which needs the folder
    private ForkedExtractor extractor;

    @BeforeAll
    void start() {
        extractor = extractor(ExtractLimits.DEFAULT, dir.resolve("work"));
    }

    @AfterAll
    void stop() {
        extractor.close();
    }

    @Test
    void textOfAZipBombIsNotUnpacked() throws IOException {
        assertThat(failure(Documents.zipBomb(dir.resolve("bomb.zip"), 18)))
                .isEqualTo(ErrorCode.EXTRACT_EXPANSION_TOO_HIGH);
    }

    @Test
    void zipsWithinZipsAreFollowedOnlySoDeep() throws IOException {
        assertThat(failure(Documents.nestedZip(dir.resolve("deep.zip"), 12)))
                .isEqualTo(ErrorCode.EXTRACT_NESTING_TOO_DEEP);
        ExtractedDocument within = text(Documents.nestedZip(dir.resolve("within.zip"), 10));
        assertThat(within.text()).endsWith("the innermost text");
    }

    @Test
    void embeddedDocumentsAreCounted() throws IOException {
        assertThat(failure(Documents.zipOfMany(dir.resolve("many.zip"), 1_001)))
                .isEqualTo(ErrorCode.EXTRACT_TOO_MANY_EMBEDDED);
    }

    @Test
    void embeddedDocumentFollowsItsContainerUnderItsName() throws IOException {
        ExtractedDocument document = text(Documents.zipOfMany(dir.resolve("two.zip"), 2));
        assertThat(document.text()).isEqualTo("note1.txt\n\nnote number 1\n\nnote2.txt\n\nnote number 2");
        assertThat(document.blocks())
                .extracting(Block::kind)
                .containsExactly(BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.PARAGRAPH);
    }

    @Test
    void documentsUnderAPasswordAreTold() throws IOException {
        assertThat(failure(Documents.encryptedPdf(dir.resolve("locked.pdf")))).isEqualTo(ErrorCode.EXTRACT_ENCRYPTED);
        assertThat(failure(Documents.encryptedZip(dir.resolve("locked.zip")))).isEqualTo(ErrorCode.EXTRACT_ENCRYPTED);
    }

    @Test
    void truncatedDocumentsAreTold() throws IOException {
        Path pdf = Documents.pdf(dir.resolve("whole.pdf"), 20);
        Path docx = Documents.docx(dir.resolve("whole.docx"), 50);
        assertThat(failure(Documents.truncated(pdf, dir.resolve("half.pdf")))).isEqualTo(ErrorCode.EXTRACT_CORRUPT);
        assertThat(failure(Documents.truncated(docx, dir.resolve("half.docx")))).isEqualTo(ErrorCode.EXTRACT_CORRUPT);
        Path zip = Documents.zipOfLetters(dir.resolve("whole.zip"), 20);
        assertThat(failure(Documents.truncated(zip, dir.resolve("half.zip")))).isEqualTo(ErrorCode.EXTRACT_CORRUPT);
    }

    /** Cut between two entries nothing but the missing directory tells that there were more. */
    @Test
    void aZipThatEndsAfterAnEntryIsTruncatedToo() throws IOException {
        byte[] whole = Files.readAllBytes(Documents.zipOfLetters(dir.resolve("entries.zip"), 3));
        int second = new String(whole, StandardCharsets.ISO_8859_1).indexOf("PK\003\004", 4);
        Path cut = Files.write(dir.resolve("cut.zip"), Arrays.copyOf(whole, second));
        assertThat(failure(cut)).isEqualTo(ErrorCode.EXTRACT_CORRUPT);
    }

    @Test
    void entriesThatCanBeReadAreKeptAndTheOthersAreTold() throws IOException {
        Path file = EncryptedZip.write(
                dir.resolve("mixed.zip"),
                List.of(
                        new EncryptedZip.Entry("open.txt", "everybody reads this", false),
                        new EncryptedZip.Entry("locked.txt", SECRET, true),
                        new EncryptedZip.Entry("last.txt", "and this", false),
                        new EncryptedZip.Entry("nothing.txt", "", false)));
        ExtractedDocument document = text(file);
        assertThat(document.text()).isEqualTo("open.txt\n\neverybody reads this\n\nlast.txt\n\nand this");
        assertThat(document.metadata())
                .containsEntry(ExtractedDocument.UNREAD, "parts that were not read: 1 under a password (PAL-308)");
    }

    @Test
    void aDamagedEntryOfAZipLeavesTheOthers() throws IOException {
        Path file = Documents.zipOfLetters(dir.resolve("damaged.zip"), 3);
        String whole = text(file).text();
        byte[] bytes = Files.readAllBytes(file);
        int second = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\003\004", 4);
        Arrays.fill(bytes, second + 300, second + 900, (byte) 0xff);
        ExtractedDocument document = text(Files.write(file, bytes));
        assertThat(document.text())
                .startsWith(whole.substring(0, 3_000))
                .endsWith(whole.substring(whole.length() - 3_000));
        assertThat(document.metadata())
                .containsEntry(ExtractedDocument.UNREAD, "parts that were not read: 1 damaged (PAL-309)");
    }

    @Test
    void aLockedZipWithinAZipIsTold() throws IOException {
        byte[] locked = Files.readAllBytes(Documents.encryptedZip(dir.resolve("inner.zip")));
        Path outer = dir.resolve("outer.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(outer))) {
            zip.putNextEntry(new ZipEntry("inner.zip"));
            zip.write(locked);
        }
        assertThat(failed(extractor, outer))
                .isEqualTo(new Failed(
                        ErrorCode.EXTRACT_ENCRYPTED, "parts that were not read: 2 under a password (PAL-308)", false));
    }

    @Test
    void nothingToReadIsNeitherSuccessNorFailure() throws IOException {
        assertThat(extract(Documents.imageOnlyPdf(dir.resolve("scan.pdf")))).isInstanceOf(Empty.class);
        assertThat(extract(Files.createFile(dir.resolve("empty.docx")))).isInstanceOf(Empty.class);
        assertThat(extract(Documents.emptyZip(dir.resolve("empty.zip")))).isInstanceOf(Empty.class);
        assertThat(extract(Files.writeString(dir.resolve("blank.txt"), " \n\t ")))
                .isInstanceOf(Empty.class);
    }

    @Test
    void bytesOfNoKnownFormatAreUnsupported() throws IOException {
        byte[] noise = new byte[4_096];
        new Random(7).nextBytes(noise);
        assertThat(failure(Files.write(dir.resolve("noise.bin"), noise))).isEqualTo(ErrorCode.EXTRACT_UNSUPPORTED_TYPE);
    }

    @Test
    void pagesOfTenThousandAreRight() throws IOException {
        ExtractedDocument document = text(Documents.pdf(dir.resolve("long.pdf"), 10_000));
        assertThat(document.blocks()).hasSize(10_000);
        for (int i = 0; i < 10_000; i++) {
            Block block = document.blocks().get(i);
            assertThat(block.page()).isEqualTo(i + 1);
            assertThat(document.textOf(block)).isEqualTo("This is page number " + (i + 1) + ".");
        }
    }

    @Test
    void textOfTwoHundredMebibytesIsRefusedAndTheNextDocumentIsRead() throws IOException {
        Path huge = Documents.text(dir.resolve("huge.txt"), 200);
        assertThat(failure(huge)).isEqualTo(ErrorCode.EXTRACT_OUTPUT_TOO_LARGE);
        Files.delete(huge);
        assertThat(text(Files.writeString(dir.resolve("next.txt"), "next")).text())
                .isEqualTo("next");
    }

    @Test
    void outlineOfAPdfTellsItsHeadings() throws IOException {
        ExtractedDocument document = text(Documents.outlinedPdf(dir.resolve("outlined.pdf"), "Purpose", "Scope"));
        assertThat(document.blocks())
                .extracting(document::textOf)
                .containsExactly(
                        "1. Purpose",
                        "What there is to say about Purpose.",
                        "2. Scope",
                        "What there is to say about Scope.");
        assertThat(document.blocks())
                .extracting(Block::kind)
                .containsExactly(BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.PARAGRAPH);
        assertThat(document.blocks()).extracting(Block::page).containsExactly(1, 1, 2, 2);
    }

    @Test
    void slidesKeepTheirNumbersAlsoPastEmptyOnes() throws IOException {
        ExtractedDocument document = text(Documents.pptx(dir.resolve("talk.pptx"), "first", "", "third"));
        assertThat(document.blocks()).extracting(document::textOf).containsExactly("first", "third");
        assertThat(document.blocks()).extracting(Block::page).containsExactly(1, 3);
    }

    @Test
    void markdownIsReadWithoutAFork() throws IOException {
        Path file = Files.write(dir.resolve("notes.md"), "# Für alle".getBytes(Charset.forName("windows-1252")));
        assertThat(text(file).text()).isEqualTo("# Für alle");
    }

    @Test
    void parserThatHangsOrTakesTooLongIsStoppedAndTheNextDocumentIsRead() throws IOException {
        ExtractLimits hasty = ExtractLimits.DEFAULT.withTimeout(Duration.ofSeconds(4));
        try (ForkedExtractor impatient = extractor(hasty, dir.resolve("hasty"))) {
            assertThat(failed(impatient, misbehaving("hang")).code()).isEqualTo(ErrorCode.EXTRACT_TIMEOUT);
            Path fine = Files.writeString(dir.resolve("fine.txt"), "fine");
            assertThat(impatient.extract(fine, null, "fine.txt")).isInstanceOf(Extracted.class);
            Path slow = Documents.pdfOfDrawings(dir.resolve("slow.pdf"), 5_000);
            assertThat(failed(impatient, slow))
                    .isEqualTo(
                            new Failed(ErrorCode.EXTRACT_TIMEOUT, "no result after 4000 ms in the small lane", false));
            assertThat(impatient.extract(fine, null, "fine.txt")).isInstanceOf(Extracted.class);
        }
    }

    /** 96 MiB of shared strings: the default heap holds them, that of neither lane here does. */
    @Test
    void aWorkbookThatNeedsMoreHeapThanThereIsIsToldAndTheNextDocumentIsRead() throws IOException {
        Path workbook = WideWorkbook.write(dir.resolve("export.xlsx"), 192 << 10, 512);
        assertThat(text(workbook).text()).startsWith("Export\n\n0 ").hasSizeBetween(500, 600);
        ExtractLimits narrow = new ExtractLimits(
                Duration.ofSeconds(60), Duration.ofSeconds(60), 16L << 20, 48, 256L << 20, 20_000_000, 10, 100, 100);
        try (ForkedExtractor small = extractor(narrow, dir.resolve("narrow"))) {
            assertThat(failed(small, workbook))
                    .isEqualTo(new Failed(ErrorCode.EXTRACT_OUT_OF_MEMORY, "a heap of 96 MiB was not enough", false));
            Path next = Files.writeString(dir.resolve("after-export.txt"), "next");
            assertThat(small.extract(next, null, "after-export.txt")).isInstanceOf(Extracted.class);
        }
    }

    @Test
    void parserThatTakesAllMemoryIsTold() throws IOException {
        assertThat(failed(extractor, misbehaving("oom")).code()).isEqualTo(ErrorCode.EXTRACT_OUT_OF_MEMORY);
    }

    @Test
    void parserThatDiesTwiceIsToldAndTheNextDocumentIsRead() throws IOException {
        Failed failed = failed(extractor, misbehaving("exit"));
        assertThat(failed.code()).isEqualTo(ErrorCode.EXTRACT_CRASHED);
        assertThat(failed.transientFault()).isFalse();
        assertThat(failed(extractor, misbehaving("overflow")).code()).isEqualTo(ErrorCode.EXTRACT_CRASHED);
        assertThat(text(Files.writeString(dir.resolve("after.txt"), "after")).text())
                .isEqualTo("after");
    }

    @Test
    void parserThatDiesOnceIsTriedAgain() throws IOException {
        Path file = misbehaving("exit-once " + dir.resolve("mark"));
        assertThat(text(file).text()).isEqualTo("survived");
    }

    @Test
    void messageOfAFailureHoldsNoText() throws IOException {
        Failed failed = failed(extractor, misbehaving("fail " + SECRET));
        assertThat(failed.code()).isEqualTo(ErrorCode.EXTRACT_CORRUPT);
        assertThat(failed.message()).doesNotContain("Umbra");
    }

    @Test
    void oneBadDocumentDisturbsNoneOfTheOthers() throws IOException, InterruptedException, ExecutionException {
        ForkSettings two = new ForkSettings(2, 1, Duration.ofSeconds(60), List.of(testClasses()));
        try (ForkedExtractor both = new ForkedExtractor(
                        ExtractLimits.DEFAULT, dir.resolve("both"), ForkedExtractorTest::plain, two);
                ExecutorService workers = Executors.newFixedThreadPool(4)) {
            Path bad = misbehaving("exit");
            List<Future<ExtractionOutcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Path file = i == 7 ? bad : Files.writeString(dir.resolve("doc" + i + ".txt"), "document " + i);
                outcomes.add(workers.submit(
                        () -> both.extract(file, null, file.getFileName().toString())));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(outcomes.get(i).get()).isInstanceOf(i == 7 ? Failed.class : Extracted.class);
            }
        }
    }

    @Test
    void nothingIsLeftInTheWorkingFolder() throws IOException {
        text(Files.writeString(dir.resolve("kept.txt"), SECRET));
        try (Stream<Path> left = Files.walk(dir.resolve("work/fork-small-0"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void processOfTheLargeLaneEndsWhenItIsIdle() throws IOException, InterruptedException {
        ExtractLimits allLarge = new ExtractLimits(
                Duration.ofSeconds(60), Duration.ofSeconds(60), 1, 128, 1L << 20, 1_000, 10, 100, 1_000);
        Set<ProcessHandle> before = ProcessHandle.current().children().collect(Collectors.toSet());
        try (ForkedExtractor lazy = new ForkedExtractor(
                allLarge,
                dir.resolve("lazy"),
                ForkedExtractorTest::plain,
                new ForkSettings(1, 1, Duration.ofSeconds(5), List.of()))) {
            Path file = Files.writeString(dir.resolve("large.txt"), "large");
            assertThat(lazy.extract(file, null, "large.txt")).isInstanceOf(Extracted.class);
            List<ProcessHandle> started = ProcessHandle.current()
                    .children()
                    .filter(child -> !before.contains(child))
                    .toList();
            long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
            while (started.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
                Thread.sleep(100);
            }
            assertThat(started).isNotEmpty().noneMatch(ProcessHandle::isAlive);
            assertThat(lazy.extract(file, null, "large.txt")).isInstanceOf(Extracted.class);
        }
    }

    @Test
    void bytesThatAKilledProcessLeftAreRemovedAtTheStart() throws IOException {
        Path left = Files.createDirectories(dir.resolve("crashed/fork-small-0")).resolve("apache-tika-1.tmp");
        Files.writeString(left, SECRET);
        try (ForkedExtractor next = extractor(ExtractLimits.DEFAULT, dir.resolve("crashed"))) {
            assertThat(left).doesNotExist();
            assertThat(next.fingerprint()).isEqualTo(extractor.fingerprint());
        }
    }

    @Test
    void fingerprintTellsVersionAndLimits() {
        assertThat(extractor.fingerprint().value()).startsWith("apache-tika-3.3.1-");
        try (ForkedExtractor other =
                extractor(ExtractLimits.DEFAULT.withTimeout(Duration.ofSeconds(9)), dir.resolve("other"))) {
            assertThat(other.fingerprint()).isNotEqualTo(extractor.fingerprint());
        }
    }

    private Path misbehaving(String words) throws IOException {
        return Files.writeString(Files.createTempFile(dir, "file", ".misbehaving"), words);
    }

    private ExtractionOutcome extract(Path file) {
        return extractor.extract(file, null, file.getFileName().toString());
    }

    private ErrorCode failure(Path file) {
        return failed(extractor, file).code();
    }

    private ExtractedDocument text(Path file) {
        ExtractionOutcome outcome = extract(file);
        assertThat(outcome).isInstanceOf(Extracted.class);
        return ((Extracted) outcome).document();
    }

    private static Failed failed(ForkedExtractor extractor, Path file) {
        ExtractionOutcome outcome =
                extractor.extract(file, null, file.getFileName().toString());
        assertThat(outcome).isInstanceOf(Failed.class);
        return (Failed) outcome;
    }

    private static ForkedExtractor extractor(ExtractLimits limits, Path workDir) {
        ForkSettings settings = new ForkSettings(1, 1, Duration.ofSeconds(60), List.of(testClasses()));
        return new ForkedExtractor(limits, workDir, ForkedExtractorTest::plain, settings);
    }

    @Test
    void hugeAndDeepMarkdownEndsAndTheNextDocumentGoesOn() throws IOException {
        try (ForkedExtractor real = new ForkedExtractor(
                new ExtractLimits(
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(5),
                        8L << 20,
                        256,
                        256L << 20,
                        50_000_000,
                        10,
                        100,
                        100),
                dir.resolve("markdown"),
                MarkdownBlocks::read,
                new ForkSettings(1, 1, Duration.ofSeconds(60), List.of()))) {
            Path huge = Files.writeString(
                    dir.resolve("huge.md"), "A line of many, as *long* as it is.\n\n".repeat(1_200_000));
            assertThat(Files.size(huge)).isGreaterThan(44_000_000);
            ExtractedDocument text = ((Extracted) real.extract(huge, "text/markdown", "huge.md")).document();
            assertThat(text.text()).hasSizeGreaterThan(40_000_000).startsWith("A line of many, as *long* as it is.");
            Path deep = Files.writeString(dir.resolve("deep.md"), ">".repeat(100_000));
            assertThat(real.extract(deep, null, "deep.md")).isInstanceOf(Extracted.class);
            Path next = Files.writeString(dir.resolve("next.md"), "# Next");
            assertThat(real.extract(next, null, "next.md")).isInstanceOf(Extracted.class);
        }
    }

    @Test
    void markdownThatOverflowsTheStackIsRefused() throws IOException {
        try (ForkedExtractor overflowing = new ForkedExtractor(
                ExtractLimits.DEFAULT,
                dir.resolve("overflowing"),
                source -> {
                    throw new StackOverflowError();
                },
                new ForkSettings(1, 1, Duration.ofSeconds(60), List.of()))) {
            Path file = Files.writeString(dir.resolve("overflow.md"), "# Any");
            assertThat(overflowing.extract(file, null, "overflow.md"))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.EXTRACT_NESTING_TOO_DEEP));
        }
    }

    private static ExtractedDocument plain(String markdown) {
        return new ExtractedDocument(
                null,
                "text/markdown",
                markdown,
                List.of(Block.of(BlockKind.PARAGRAPH, 0, markdown.length())),
                Map.of());
    }

    private static Path testClasses() {
        try {
            return Path.of(MisbehavingParser.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
