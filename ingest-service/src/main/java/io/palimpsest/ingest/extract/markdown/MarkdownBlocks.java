package io.palimpsest.ingest.extract.markdown;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.util.List;
import org.commonmark.ext.front.matter.YamlFrontMatterExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.commonmark.parser.SourceLines;

/**
 * Reads Markdown (CommonMark, GitHub tables, YAML front matter) into text and blocks. Inline marks such as links and
 * emphasis stay as written; marks of blocks (heading, quote, fence, table) and comments are left out.
 *
 * <p>Failure: EXTRACT_OUTPUT_TOO_LARGE beyond {@link #MAX_CHARS} or {@link #MAX_STEPS}, which bound time and memory; blocks
 * nested deeper than {@link #MAX_DEPTH} are text of the deepest one.
 */
public final class MarkdownBlocks {
    /** UTF-16 units. Arbitrary: more than any book, and little enough to be parsed in this process. */
    public static final int MAX_CHARS = 8_000_000;

    /** Lines, and attempts to begin a block: each costs some 200 bytes at most while the document is read. */
    static final int MAX_STEPS = 500_000;

    /** Arbitrary: nobody reads deeper. */
    static final int MAX_DEPTH = 64;

    private MarkdownBlocks() {}

    /** @throws PalimpsestException EXTRACT_OUTPUT_TOO_LARGE */
    public static ExtractedDocument read(String markdown) {
        if (markdown.length() > MAX_CHARS
                || markdown.chars().filter(c -> c == '\n').count() > MAX_STEPS) {
            throw tooLarge();
        }
        Parser parser = Parser.builder()
                .extensions(List.of(TablesExtension.create(), YamlFrontMatterExtension.create()))
                .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
                .maxOpenBlockParsers(MAX_DEPTH)
                .customBlockParserFactory(new StepCounter(MAX_STEPS))
                .inlineParserFactory(context -> MarkdownBlocks::asWritten)
                .build();
        MarkdownReader reader = new MarkdownReader(markdown);
        reader.children(parser.parse(markdown));
        return reader.document();
    }

    static PalimpsestException tooLarge() {
        return new PalimpsestException(
                ErrorCode.EXTRACT_OUTPUT_TOO_LARGE,
                "more Markdown than " + MAX_CHARS + " characters, or than " + MAX_STEPS + " lines and blocks");
    }

    /** Inline marks stay as they are, so they need not be parsed: that can take quadratic time and deep recursion. */
    private static void asWritten(SourceLines lines, Node block) {
        if (!lines.getContent().isBlank()) {
            Text text = new Text(lines.getContent());
            text.setSourceSpans(lines.getSourceSpans());
            block.appendChild(text);
        }
    }
}
