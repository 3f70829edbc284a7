package io.palimpsest.ingest.passage;

import static io.palimpsest.ingest.passage.TestDocuments.count;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.id.PassageId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PassageCutterTest {
    private final PassageCutter cutter = new PassageCutter(PassagePolicy.standard(), TestDocuments::count);

    @Test
    void abstractUnderTheLimitStaysOnePassageWithItsTitleAsContext() {
        ExtractedDocument document =
                TestDocuments.of(BlockKind.HEADING, "A title", BlockKind.PARAGRAPH, "word ".repeat(470));

        assertThat(cutter.cut(document).passages()).singleElement().satisfies(passage -> {
            assertThat(passage.headingPath()).containsExactly("A title");
            assertThat(passage.tokens()).isEqualTo(472);
            assertThat(passage.embeddedTextIn(document)).startsWith("A title\nword word");
        });
    }

    @Test
    void noPassageSpansAHeading() {
        ExtractedDocument document = TestDocuments.of(
                BlockKind.HEADING, "One",
                BlockKind.PARAGRAPH, "First.",
                BlockKind.HEADING, "Two",
                BlockKind.PARAGRAPH, "Second.");

        assertThat(cutter.cut(document).passages())
                .extracting(p -> p.textIn(document))
                .containsExactly("First.", "Second.");
    }

    @Test
    void headingWithoutTextIsContextOfTheNextPassageOnly() {
        ExtractedDocument document = TestDocuments.of(
                BlockKind.HEADING, "Design",
                BlockKind.HEADING, "Goals",
                BlockKind.PARAGRAPH, "First.",
                BlockKind.HEADING, "Risks",
                BlockKind.PARAGRAPH, "Second.");

        assertThat(cutter.cut(document).passages())
                .extracting(Passage::headingPath)
                .containsExactly(List.of("Design", "Goals"), List.of("Risks"));
    }

    @Test
    void headingOfAnEmptySectionBesideIsNoContextButTheTitleStays() {
        String text = "Title\n\nGoals\n\nPlan\n\nFirst step\n\nFirst.\n\nRisks\n\nCosts\n\nSecond.";
        ExtractedDocument document = new ExtractedDocument(
                null,
                "text/markdown",
                text,
                List.of(
                        heading(text, "Title", 2),
                        heading(text, "Goals", 2),
                        heading(text, "Plan", 2),
                        heading(text, "First step", 3),
                        new Block(BlockKind.PARAGRAPH, text.indexOf("First."), text.indexOf("First.") + 6, 0, null),
                        heading(text, "Risks", 2),
                        heading(text, "Costs", 2),
                        new Block(BlockKind.PARAGRAPH, text.indexOf("Second."), text.length(), 0, null)),
                Map.of());

        assertThat(cutter.cut(document).passages())
                .extracting(Passage::headingPath)
                .containsExactly(List.of("Title", "Plan", "First step"), List.of("Costs"));
    }

    private static Block heading(String text, String title, int level) {
        int start = text.indexOf(title);
        return new Block(BlockKind.HEADING, start, start + title.length(), level, null);
    }

    @Test
    void changedWordKeepsTheBoundaryAfterMostParagraphsAndNewLineBreaksAfterAll() {
        Random random = new Random(7);
        int kept = 0;
        for (int i = 0; i < 1_000; i++) {
            List<String> words = new ArrayList<>(
                    random.ints(60, 0, 5_000).mapToObj(w -> "w" + w).toList());
            long before = Priority.of(String.join(" ", words));
            assertThat(Priority.of(String.join(" \n", words))).isEqualTo(before);
            words.set(random.nextInt(words.size()), "changed");
            kept += Priority.of(String.join(" ", words)) >>> 32 == before >>> 32 ? 1 : 0;
        }
        assertThat(kept).isGreaterThan(800);
    }

    @Test
    void paragraphsThatShareTheirLowestWindowHavePrioritiesOfTheirOwn() {
        Set<Long> priorities = IntStream.range(0, 100)
                .mapToObj(i -> Priority.of("the same sixteen characters and more " + i))
                .collect(Collectors.toSet());

        assertThat(priorities).hasSize(100);
    }

    @Test
    void rowsCutFromTheirHeaderCarryIt() {
        List<Object> parts = new ArrayList<>(List.of(BlockKind.TABLE_HEADER, "Name\tMeaning"));
        for (int i = 0; i < 60; i++) {
            parts.addAll(List.of(BlockKind.TABLE_ROW, "name" + i + "\t" + "meaning of it ".repeat(6)));
        }
        ExtractedDocument document = TestDocuments.of(parts.toArray());

        List<Passage> passages = cutter.cut(document).passages();

        assertThat(passages).hasSizeGreaterThan(1);
        assertThat(passages.getFirst().tableHeader()).isNull();
        assertThat(passages.subList(1, passages.size()))
                .extracting(Passage::tableHeader)
                .containsOnly("Name\tMeaning");
    }

    @Test
    void equalPassagesAreNumbered() {
        ExtractedDocument document = TestDocuments.of(
                BlockKind.HEADING,
                "Same",
                BlockKind.PARAGRAPH,
                "Text.",
                BlockKind.HEADING,
                "Same",
                BlockKind.PARAGRAPH,
                "Text.");

        List<Passage> passages = cutter.cut(document).passages();

        assertThat(passages)
                .extracting(Passage::textHash)
                .hasSize(2)
                .containsOnly(passages.getFirst().textHash());
        assertThat(passages)
                .extracting(Passage::id)
                .containsExactly(
                        PassageId.of(passages.getFirst().textHash(), 0),
                        PassageId.of(passages.getFirst().textHash(), 1));
    }

    @Test
    void pageIsThatOfTheFirstBlock() {
        ExtractedDocument document = new ExtractedDocument(
                null,
                "application/pdf",
                "One.\n\nTwo.",
                List.of(new Block(BlockKind.PARAGRAPH, 0, 4, 0, 3), new Block(BlockKind.PARAGRAPH, 6, 10, 0, 4)),
                Map.of());

        assertThat(cutter.cut(document).passages())
                .singleElement()
                .extracting(Passage::page)
                .isEqualTo(3);
    }

    @Test
    void longHeadingIsShortenedToWhatFits() {
        ExtractedDocument document =
                TestDocuments.of(BlockKind.HEADING, "heading ".repeat(400), BlockKind.PARAGRAPH, "word ".repeat(460));

        assertThat(cutter.cut(document).passages()).singleElement().satisfies(passage -> {
            assertThat(count(String.join(" ", passage.headingPath()))).isEqualTo(50);
            assertThat(passage.tokens()).isEqualTo(510);
        });
    }

    @Test
    void textWithoutBlocksIsCutAllTheSame() {
        ExtractedDocument document =
                new ExtractedDocument(null, "text/plain", "Some sentence of text. ".repeat(500), List.of(), Map.of());

        assertThat(cutter.cut(document).passages()).hasSizeGreaterThan(4).allSatisfy(passage -> {
            assertThat(passage.tokens()).isLessThanOrEqualTo(510);
            assertThat(passage.textIn(document)).startsWith("Some").endsWith("text.");
        });
    }

    @Test
    void emptyDocumentHasNoPassage() {
        assertThat(cutter.cut(new ExtractedDocument(null, "text/plain", " \n", List.of(), Map.of()))
                        .passages())
                .isEmpty();
    }

    @Test
    void repeatedTextOfAnySizeIsCutInReasonableTime() {
        ExtractedDocument document =
                new ExtractedDocument(null, "text/plain", "same ".repeat(200_000), List.of(), Map.of());

        assertThat(cutter.cut(document).passages()).hasSizeBetween(400, 1300);
    }

    @Test
    void policyIdNamesEverySize() {
        assertThat(PassagePolicy.standard().id().value())
                .isEqualTo("content-defined/2/max480-min160-context96-limit510");
    }
}
