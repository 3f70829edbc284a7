package io.palimpsest.ingest.extract.markdown;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.commonmark.ext.front.matter.YamlFrontMatterBlock;
import org.commonmark.ext.front.matter.YamlFrontMatterNode;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;
import org.jspecify.annotations.Nullable;

/** Walks a parsed Markdown document and writes text and blocks. One use, one thread. */
final class MarkdownReader {
    private static final String COMMENT_START = "<!--";
    private static final String COMMENT_END = "-->";

    private final String markdown;
    private final StringBuilder text = new StringBuilder();
    private final List<Block> blocks = new ArrayList<>();
    private @Nullable String title;
    private int listDepth;
    private boolean itemOpen;

    MarkdownReader(String markdown) {
        this.markdown = markdown;
    }

    ExtractedDocument document() {
        return new ExtractedDocument(title, "text/markdown", text.toString(), blocks, Map.of());
    }

    void children(Node parent) {
        for (Node child = parent.getFirstChild(); child != null; child = child.getNext()) {
            block(child);
        }
    }

    private void block(Node node) {
        switch (node) {
            case Heading heading -> heading(heading);
            case FencedCodeBlock code -> write(BlockKind.CODE, 0, code.getLiteral());
            case IndentedCodeBlock code -> write(BlockKind.CODE, 0, code.getLiteral());
            case HtmlBlock html -> write(BlockKind.PARAGRAPH, 0, withoutComments(html.getLiteral()));
            case ListBlock list -> {
                listDepth++;
                children(list);
                listDepth--;
            }
            case ListItem item -> {
                itemOpen = true;
                children(item);
                itemOpen = false;
            }
            case TableBlock table -> children(table);
            case TableRow row -> row(row);
            case YamlFrontMatterBlock frontMatter -> children(frontMatter);
            case YamlFrontMatterNode entry -> frontMatter(entry);
            default -> containerOrText(node);
        }
    }

    /** Quotes, table heads and bodies hold blocks; what holds inlines, or nothing, is text. Rules have neither. */
    private void containerOrText(Node node) {
        Node first = node.getFirstChild();
        if (first instanceof org.commonmark.node.Block || first instanceof TableRow) {
            children(node);
        } else if (!(node instanceof org.commonmark.node.ThematicBreak)) {
            paragraph(source(node.getSourceSpans(), "\n"));
        }
    }

    private void paragraph(String paragraph) {
        if (listDepth == 0) {
            write(BlockKind.PARAGRAPH, 0, paragraph);
        } else {
            // Always a dash: a number would change every later item when one is inserted.
            write(BlockKind.LIST_ITEM, listDepth, itemOpen ? "- " + paragraph : paragraph);
            itemOpen = false;
        }
    }

    /** Each character is looked at once, however many comments begin and never end. */
    private static String withoutComments(String html) {
        StringBuilder kept = new StringBuilder();
        int from = 0;
        int start = html.indexOf(COMMENT_START);
        while (start >= 0) {
            int end = html.indexOf(COMMENT_END, start + COMMENT_START.length());
            if (end < 0) {
                break;
            }
            kept.append(html, from, start);
            from = end + COMMENT_END.length();
            start = html.indexOf(COMMENT_START, from);
        }
        return kept.append(html, from, html.length()).toString();
    }

    private void heading(Heading heading) {
        Node first = heading.getFirstChild();
        Node last = heading.getLastChild();
        if (first == null || last == null) {
            return;
        }
        SourceSpan lastSpan = last.getSourceSpans().getLast();
        int start = first.getSourceSpans().getFirst().getInputIndex();
        int end = lastSpan.getInputIndex() + lastSpan.getLength();
        String line = markdown.substring(start, end).strip().replaceAll("\\s+", " ");
        if (title == null && heading.getLevel() == 1 && !line.isEmpty()) {
            title = line;
        }
        write(BlockKind.HEADING, heading.getLevel(), line);
    }

    private void row(TableRow row) {
        StringJoiner cells = new StringJoiner("\t");
        for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
            if (cell instanceof TableCell) {
                cells.add(source(cell.getSourceSpans(), " ").strip());
            }
        }
        boolean head = row.getParent() instanceof TableHead;
        write(head ? BlockKind.TABLE_HEADER : BlockKind.TABLE_ROW, 0, cells.toString());
    }

    private void frontMatter(YamlFrontMatterNode entry) {
        String values = String.join(", ", entry.getValues());
        if (entry.getKey().equals("title") && !values.isBlank()) {
            title = values;
        }
        write(BlockKind.PARAGRAPH, 0, entry.getKey() + ": " + values);
    }

    private String source(List<SourceSpan> spans, String separator) {
        StringJoiner lines = new StringJoiner(separator);
        for (SourceSpan span : spans) {
            lines.add(markdown.substring(span.getInputIndex(), span.getInputIndex() + span.getLength()));
        }
        return lines.toString();
    }

    private void write(BlockKind kind, int level, String content) {
        if (content.isBlank()) {
            return;
        }
        if (!blocks.isEmpty()) {
            BlockKind last = blocks.getLast().kind();
            boolean item = kind == BlockKind.LIST_ITEM && last == BlockKind.LIST_ITEM;
            boolean row = kind == BlockKind.TABLE_ROW && (last == kind || last == BlockKind.TABLE_HEADER);
            text.append(item || row ? "\n" : "\n\n");
        }
        int start = text.length();
        text.append(content.stripTrailing());
        blocks.add(new Block(kind, start, text.length(), level, null));
    }
}
