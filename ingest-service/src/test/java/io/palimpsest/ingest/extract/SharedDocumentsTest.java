package io.palimpsest.ingest.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.ingest.extract.ExtractionOutcome.Extracted;
import io.palimpsest.ingest.extract.ExtractionOutcome.Failed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedDocumentsTest {
    private static final Path DOCUMENTS =
            Path.of(System.getProperty("palimpsest.root", "."), "../shared/data/documents");

    @TempDir
    static Path dir = Path.of("");

    @SuppressWarnings("NullAway.Init") // set in start(), which needs the folder
    private ForkedExtractor extractor;

    @BeforeAll
    void start() {
        Assumptions.assumeTrue(Files.isDirectory(DOCUMENTS), "../shared/data/documents is not there");
        extractor = new ForkedExtractor(
                ExtractLimits.DEFAULT,
                dir.resolve("work"),
                source -> new ExtractedDocument(null, "text/markdown", source, List.of(), Map.of()),
                ForkSettings.DEFAULT);
    }

    @AfterAll
    @SuppressWarnings("ConstantValue")
    void stop() {
        if (extractor != null) {
            extractor.close();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            test-documents.zip | testEXCEL.xls
            testCSV.csv | Numbers and their Squares
            testEPUB.epub | This is the text for chapter Two
            testEXCEL.xlsx | Sample Excel Worksheet
            testHTML.html | Indexation du fichier
            testMSG.msg | modular and extensible
            testODTStyles3.odt | Vredegerecht van het kanton
            testPDF.pdf | toolkit for detecting and extracting metadata
            testPDF_multiFormatEmbFiles.pdf | contents of a mac embedded file
            testPDF_protected.pdf | RETHINKING THE FINANCIAL NETWORK
            testPPT.ppt | Created with Microsoft
            testPPT.pptx | Black Panther
            testPages.pages | Some plain text to parse.
            testRFC822 | have a look at mime4j
            testRTF.rtf | indexation Word
            testTXT.txt | Test d'indexation de Txt
            testTXT_win-1252.txt | trigger for CharsetRecog
            testWORD.doc | This is a sample Microsoft Word Document.
            testWORD.docx | This is a sample Microsoft Word Document.
            testXML.xml | Framework d'indexation
            test_recursive_embedded.docx | embed_4
            """)
    void textIsFound(String file, String phrase) {
        ExtractedDocument document = text(file);
        assertThat(document.text()).contains(phrase);
        assertWellFormed(document);
    }

    @ParameterizedTest
    @CsvSource({
        "quine.gz, EXTRACT_NESTING_TOO_DEEP",
        "testODTnotaZipFile.odt, EXTRACT_CORRUPT",
        "testWORD_protected_passtika.docx, EXTRACT_ENCRYPTED"
    })
    void unreadableIsToldWhy(String file, ErrorCode code) {
        assertThat(extract(file))
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.code()).isEqualTo(code));
    }

    @Test
    void everyFileIsInOneOfTheTables() throws IOException {
        try (Stream<Path> files = Files.list(DOCUMENTS)) {
            assertThat(files).hasSize(24);
        }
    }

    @Test
    void headingsOfWordKeepTheirLevels() {
        for (String file : List.of("testWORD.docx", "testWORD.doc")) {
            ExtractedDocument document = text(file);
            assertThat(document.blocks().stream().filter(block -> block.kind() == BlockKind.HEADING))
                    .extracting(block -> block.level() + " " + document.textOf(block))
                    .contains("1 Main Heading", "1 Heading Level 1", "2 Heading Level 2", "3 Heading Level 3");
        }
    }

    @Test
    void pagesOfPdfAndSlidesAndSheetsAreRight() {
        ExtractedDocument speech = text("testPDF_protected.pdf");
        assertThat(pageOf(speech, "On 16 November 2002")).isEqualTo(2);
        assertThat(speech.blocks().get(speech.blocks().size() - 1).page()).isEqualTo(41);
        assertThat(pageOf(text("testPPT.pptx"), "Different words")).isEqualTo(3);
        assertThat(pageOf(text("testEXCEL.xlsx"), "Sample Excel Worksheet")).isEqualTo(1);
        assertThat(pageOf(text("testPDF_multiFormatEmbFiles.pdf"), "mac embedded"))
                .isNull();
    }

    @Test
    void headerRowOfASheetIsTold() {
        ExtractedDocument sheet = text("testEXCEL.xlsx");
        assertThat(sheet.blocks().stream().filter(block -> block.kind() == BlockKind.TABLE_HEADER))
                .extracting(sheet::textOf)
                .containsExactly("\tNumber\tSquare");
    }

    private static void assertWellFormed(ExtractedDocument document) {
        assertThat(Normalizer.isNormalized(document.text(), Normalizer.Form.NFC))
                .isTrue();
        assertThat(document.text()).doesNotContainPattern("[\\p{Cc}&&[^\\t\\n]]");
        StringBuilder joined = new StringBuilder();
        for (Block block : document.blocks()) {
            assertThat(document.textOf(block)).isNotBlank();
            joined.append(joined.isEmpty() ? "" : "\n\n");
            assertThat(block.start()).isEqualTo(joined.length());
            joined.append(document.textOf(block));
        }
        assertThat(joined).hasToString(document.text());
    }

    private static @Nullable Integer pageOf(ExtractedDocument document, String phrase) {
        return document.blocks().stream()
                .filter(block -> document.textOf(block).contains(phrase))
                .findFirst()
                .orElseThrow()
                .page();
    }

    private ExtractedDocument text(String file) {
        ExtractionOutcome outcome = extract(file);
        assertThat(outcome).isInstanceOf(Extracted.class);
        return ((Extracted) outcome).document();
    }

    private ExtractionOutcome extract(String file) {
        return extractor.extract(DOCUMENTS.resolve(file), null, file);
    }
}
