package io.palimpsest.ingest.extract.markdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MarkdownBlocksTest {
    @Test
    void everyKindOfBlockIsReadWithoutItsMarks() {
        assertThat(read("""
                        # Title `code` #

                        A *paragraph*
                        of two lines.

                        - one
                        - two

                          more of two
                          1. inner

                        > quoted
                        > words

                        ```rust
                        let x = 1;
                        ```

                        | A | B |
                        |---|---|
                        | 1 | 2 |
                        ---
                        <!-- a comment -->
                        """))
                .containsExactly(
                        "HEADING 1 Title `code`",
                        "PARAGRAPH 0 A *paragraph*\nof two lines.",
                        "LIST_ITEM 1 - one",
                        "LIST_ITEM 1 - two",
                        "LIST_ITEM 1 more of two",
                        "LIST_ITEM 2 - inner",
                        "PARAGRAPH 0 quoted\nwords",
                        "CODE 0 let x = 1;",
                        "TABLE_HEADER 0 A\tB",
                        "TABLE_ROW 0 1\t2");
    }

    @Test
    void quotesInQuotesAreFollowedOnlySoDeepAndTheRestIsText() {
        String text = MarkdownBlocks.read(">".repeat(100_000) + " words").text();
        assertThat(text).endsWith("> words").hasSizeBetween(99_000, 100_007);
        assertThat(MarkdownBlocks.read("- ".repeat(100_000) + "words").text()).endsWith("words");
        assertThat(read("> ".repeat(20) + "words")).containsExactly("PARAGRAPH 0 words");
    }

    @Test
    void marksWithoutEndTakeLinearTime() {
        for (String mark : List.of("<!--", "<!-- ", "[", "![", "*a _b ", "`a ``b ", "<a ", "<?", "| ")) {
            String source = "# x\n\nwords " + mark.repeat(1_000_000 / mark.length()) + "\n\n"
                    + mark.repeat(1_000_000 / mark.length());
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertThat(readOrRefused(source)).isNotEmpty(),
                    mark);
        }
    }

    @Test
    void whatWouldBeTooManyBlocksIsRefused() {
        for (String line : List.of("-\n", "a\n", "\n", "- - - - -\n\n", "# a\n")) {
            assertThatThrownBy(() -> MarkdownBlocks.read(line.repeat(MarkdownBlocks.MAX_STEPS + 1)))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.EXTRACT_OUTPUT_TOO_LARGE));
        }
    }

    /** Java's regular expressions recurse: a stack that ends is what the caller counts with. */
    private static String readOrRefused(String source) {
        try {
            return MarkdownBlocks.read(source).text();
        } catch (StackOverflowError e) {
            return "refused";
        }
    }

    @Test
    void frontMatterIsTextAndItsTitleTheDocuments() {
        String markdown = "---\ntitle: A proposal\nauthors:\n  - one\n  - two\n---\n\n# Heading\n\nText.\n";

        assertThat(read(markdown))
                .containsExactly(
                        "PARAGRAPH 0 title: A proposal",
                        "PARAGRAPH 0 authors: one, two",
                        "HEADING 1 Heading",
                        "PARAGRAPH 0 Text.");
        assertThat(MarkdownBlocks.read(markdown).title()).isEqualTo("A proposal");
    }

    @Test
    void lineEndingsAndHeadingLevelsChangeNoText() {
        assertThat(MarkdownBlocks.read("## One\r\n\r\nTwo\r\nthree\r\n").text())
                .isEqualTo(MarkdownBlocks.read("# One\n\nTwo\nthree\n").text());
    }

    @Test
    void renumberedListChangesNoText() {
        assertThat(MarkdownBlocks.read("2. a\n3. b\n").text())
                .isEqualTo(MarkdownBlocks.read("1. a\n2. b\n").text());
    }

    @Test
    void emptyDocumentHasNoBlocks() {
        assertThat(MarkdownBlocks.read("\n\n").blocks()).isEmpty();
    }

    private static List<String> read(String markdown) {
        ExtractedDocument document = MarkdownBlocks.read(markdown);
        return document.blocks().stream()
                .map(block -> describe(document, block))
                .collect(Collectors.toList());
    }

    private static String describe(ExtractedDocument document, Block block) {
        return block.kind() + " " + block.level() + " " + document.textOf(block);
    }
}
