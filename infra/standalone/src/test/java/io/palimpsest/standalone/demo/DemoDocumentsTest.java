package io.palimpsest.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.ingest.extract.ExtractLimits;
import io.palimpsest.ingest.extract.ExtractionOutcome.Extracted;
import io.palimpsest.ingest.extract.ForkSettings;
import io.palimpsest.ingest.extract.ForkedExtractor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDocumentsTest {
    private final DemoDocuments documents = new DemoDocuments();

    @TempDir
    Path dir = Path.of("");

    @Test
    void everyAnswerIsInTheTextThatIsExtractedFromItsDocument() {
        documents.writeTo(dir.resolve("docs"));
        try (ForkedExtractor extractor = extractor()) {
            for (DemoQuestion question : documents.questions()) {
                assertThat(text(extractor, question).text())
                        .as(question.question())
                        .contains(question.phrase());
            }
        }
    }

    @Test
    void everyEditChangesTheAnswersAsItSays() {
        documents.writeTo(dir.resolve("docs"));
        try (ForkedExtractor extractor = extractor()) {
            for (DemoEdit edit : documents.edits()) {
                edit.applyTo(dir.resolve("docs"));
                DemoQuestion after = edit.after();
                if (after != null) {
                    assertThat(text(extractor, after).text())
                            .as(edit.description())
                            .contains(after.phrase());
                }
                DemoQuestion gone = edit.gone();
                if (gone != null) {
                    assertThat(dir.resolve("docs").resolve(gone.document())).doesNotExist();
                }
            }
        }
    }

    @Test
    void namesListWhatIsWritten() throws IOException {
        documents.writeTo(dir.resolve("docs"));
        try (Stream<Path> files = Files.list(dir.resolve("docs"))) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactlyElementsOf(documents.names());
        }
    }

    @Test
    void structureSurvivesExtraction() {
        documents.writeTo(dir.resolve("docs"));
        try (ForkedExtractor extractor = extractor()) {
            ExtractedDocument handbook = text(extractor, question("employee-handbook.docx"));
            assertThat(of(handbook, BlockKind.HEADING)).contains("Leave", "Reporting a concern");
            assertThat(of(handbook, BlockKind.TABLE_HEADER))
                    .containsExactly("Kind of leave\tDays per year\tApproved by");
            ExtractedDocument manual = text(extractor, question("marten-safety-manual.pdf"));
            assertThat(manual.blocks().get(0).page()).isEqualTo(1);
            assertThat(manual.blocks().get(manual.blocks().size() - 1).page()).isEqualTo(3);
            ExtractedDocument prices = text(extractor, question("price-list.xlsx"));
            assertThat(of(prices, BlockKind.TABLE_HEADER)).hasSize(1);
            assertThat(of(prices, BlockKind.TABLE_ROW)).hasSize(5).contains("Fast dock\t4100\t95\t3");
            ExtractedDocument parts = text(extractor, question("spare-parts.csv"));
            assertThat(of(parts, BlockKind.TABLE_ROW)).hasSize(5);
            ExtractedDocument mail = text(extractor, question("incident-aisle-12.eml"));
            assertThat(of(mail, BlockKind.HEADING)).contains("timeline.txt");
        }
    }

    private static DemoQuestion question(String document) {
        return new DemoQuestion("", document, "");
    }

    private static List<String> of(ExtractedDocument document, BlockKind kind) {
        return document.blocks().stream()
                .filter(block -> block.kind() == kind)
                .map(document::textOf)
                .toList();
    }

    private ExtractedDocument text(ForkedExtractor extractor, DemoQuestion question) {
        Path file = dir.resolve("docs").resolve(question.document());
        return ((Extracted) extractor.extract(file, null, question.document())).document();
    }

    private ForkedExtractor extractor() {
        return new ForkedExtractor(
                ExtractLimits.DEFAULT, dir.resolve("work"), DemoDocumentsTest::plain, ForkSettings.DEFAULT);
    }

    private static ExtractedDocument plain(String markdown) {
        return new ExtractedDocument(
                null,
                "text/markdown",
                markdown,
                List.of(Block.of(BlockKind.PARAGRAPH, 0, markdown.length())),
                Map.of());
    }
}
