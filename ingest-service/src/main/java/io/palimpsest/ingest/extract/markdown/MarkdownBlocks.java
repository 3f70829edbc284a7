package io.palimpsest.ingest.extract.markdown;

import io.palimpsest.contracts.content.ExtractedDocument;
import java.util.List;
import org.commonmark.ext.front.matter.YamlFrontMatterExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/**
 * Reads Markdown (CommonMark, GitHub tables, YAML front matter) into text and blocks. Inline marks such as links and
 * emphasis stay as written; marks of blocks (heading, quote, fence, table) and comments are left out.
 */
public final class MarkdownBlocks {
    private MarkdownBlocks() {}

    public static ExtractedDocument read(String markdown) {
        Parser parser = Parser.builder()
                .extensions(List.of(TablesExtension.create(), YamlFrontMatterExtension.create()))
                .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
                .build();
        MarkdownReader reader = new MarkdownReader(markdown);
        reader.children(parser.parse(markdown));
        return reader.document();
    }
}
