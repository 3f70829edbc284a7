package io.palimpsest.ingest.extract.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.ExtractedDocument;
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
