package io.palimpsest.ingest.extract;

import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.ingest.extract.fork.GuardedEmbedding;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/** Reads the XHTML that a parser process wrote into blocks: headings, paragraphs, lists, tables, code, pages. */
final class XhtmlReader extends DefaultHandler {
    private static final Set<String> INLINE = Set.of(
            "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "img", "ins", "kbd",
            "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
            "var", "del");
    private static final Set<String> PAGES = Set.of("page", "slide-content", "sheet");
    private static final Pattern BLANK_LINE = Pattern.compile("\\n[ \\t\\r]*\\n");
    /** A longer heading is a paragraph that was styled as one. */
    private static final int MAX_HEADING_CHARS = 300;

    private final BlockWriter blocks;
    private final Shape shape;
    private final Deque<Scope> scopes = new ArrayDeque<>();
    private final StringBuilder pending = new StringBuilder();
    private final Deque<TableReader> tables = new ArrayDeque<>();
    private final Outline outline = new Outline();
    private int pages;
    private int listDepth;
    private int preDepth;
    private int skipDepth;
    private int embeddedDepth;
    private String element = "";
    private @Nullable String embeddedName;

    XhtmlReader(BlockWriter blocks, Shape shape) {
        this.blocks = blocks;
        this.shape = shape;
    }

    /** What a {@code p} and a row of the format mean. */
    enum Shape {
        PARAGRAPHS,
        /** Each {@code p} may be but a line of a paragraph. */
        LINES,
        /** Lines on pages; a list after the last page is the document's outline, and no text of it. */
        PAGES,
        /** The one {@code p} holds rows of delimited text. */
        DELIMITED,
        /** A row with a single cell is a row all the same. */
        SHEET
    }

    /** One open element: what to go back to at its end. */
    private record Scope(String parent, @Nullable Integer page, boolean embedded) {}

    @Override
    public void startElement(String uri, String localName, String name, Attributes attributes) {
        if (skipDepth > 0 || isSkipped(localName)) {
            skipDepth++;
            return;
        }
        if (localName.equals("br")) {
            pending.append('\n');
        }
        if (INLINE.contains(localName) || localName.equals("br")) {
            return;
        }
        if (!inCell()) {
            flush();
        }
        String style = String.valueOf(attributes.getValue("class"));
        boolean embedded = style.equals(GuardedEmbedding.EMBEDDED_CLASS);
        scopes.push(new Scope(element, nextPage(style, embedded), embedded));
        element = localName;
        open(localName, embedded, attributes);
    }

    @Override
    public void endElement(String uri, String localName, String name) {
        if (skipDepth > 0) {
            skipDepth--;
            return;
        }
        if (INLINE.contains(localName) || localName.equals("br")) {
            return;
        }
        close(localName);
        Scope scope = scopes.pop();
        if (scope.embedded()) {
            embeddedDepth--;
            embeddedName = null;
        }
        element = scope.parent();
    }

    @Override
    public void characters(char[] chars, int start, int length) {
        if (skipDepth == 0) {
            pending.append(chars, start, length);
        }
    }

    @Override
    public void endDocument() {
        flush();
        blocks.replaceAll(outline::headings);
    }

    private static boolean isSkipped(String name) {
        return name.equals("head") || name.equals("script") || name.equals("style");
    }

    private void open(String name, boolean embedded, Attributes attributes) {
        switch (name) {
            case "ul", "ol" -> listDepth++;
            case "pre" -> preDepth++;
            case "table" -> openTable();
            default -> {}
        }
        if (embedded) {
            embeddedDepth++;
            embeddedName = attributes.getValue("title");
        }
    }

    private void close(String name) {
        if (tables.size() == 1 && (name.equals("td") || name.equals("th"))) {
            tables.element().cell(takePending(), name.equals("th"));
        } else if (tables.size() == 1 && name.equals("tr")) {
            pending.setLength(0);
            writeEmbeddedName();
            tables.element().endRow();
        } else if (name.equals("table")) {
            closeTable();
        } else if (inCell()) {
            pending.append('\n');
        } else {
            flush();
        }
        if (name.equals("ul") || name.equals("ol")) {
            listDepth--;
        } else if (name.equals("pre")) {
            preDepth--;
        }
    }

    private void openTable() {
        tables.push(new TableReader(blocks, page(), shape == Shape.SHEET || embeddedDepth > 0));
    }

    private void closeTable() {
        TableReader table = tables.pop();
        if (tables.isEmpty()) {
            table.end();
        }
    }

    private boolean inCell() {
        return !tables.isEmpty();
    }

    /** Page of the container; inside an embedded document none is right. */
    private @Nullable Integer nextPage(String style, boolean embedded) {
        if (embedded || embeddedDepth > 0) {
            return null;
        }
        if (PAGES.contains(style)) {
            return ++pages;
        }
        // Notes and comments follow their slide.
        return style.startsWith("slide-") && page() == null && pages > 0 ? Integer.valueOf(pages) : page();
    }

    private @Nullable Integer page() {
        Scope scope = scopes.peek();
        return scope == null ? null : scope.page();
    }

    private void flush() {
        if (inCell()) {
            return;
        }
        String raw = takePending();
        if (raw.isBlank()) {
            if (element.equals("p")) {
                blocks.breakLines();
            }
            return;
        }
        if (shape == Shape.PAGES && element.equals("li") && embeddedDepth == 0 && page() == null) {
            outline.add(listDepth, raw);
            return;
        }
        writeEmbeddedName();
        if (preDepth > 0) {
            blocks.code(page(), raw);
        } else if (element.matches("h[1-6]") && raw.length() <= MAX_HEADING_CHARS) {
            int level = Math.min(6, element.charAt(1) - '0' + embeddedDepth);
            blocks.prose(BlockKind.HEADING, level, page(), raw);
        } else if (listDepth > 0) {
            blocks.prose(BlockKind.LIST_ITEM, listDepth, page(), raw);
        } else if (shape == Shape.DELIMITED && embeddedDepth == 0) {
            writeRows(raw);
        } else if ((shape == Shape.LINES || shape == Shape.PAGES) && embeddedDepth == 0 && element.equals("p")) {
            blocks.line(page(), raw);
        } else {
            for (String paragraph : BLANK_LINE.split(raw, -1)) {
                blocks.prose(BlockKind.PARAGRAPH, 0, page(), paragraph);
            }
        }
    }

    private void writeRows(String raw) {
        TableReader table = new TableReader(blocks, page(), true);
        for (List<String> row : DelimitedText.rows(raw)) {
            row.forEach(cell -> table.cell(cell, false));
            table.endRow();
        }
        table.end();
    }

    /** An embedded document is named only once it turns out to have text. */
    private void writeEmbeddedName() {
        String name = embeddedName;
        embeddedName = null;
        if (name != null && !name.isBlank()) {
            blocks.prose(BlockKind.HEADING, Math.min(6, Math.max(1, embeddedDepth)), page(), name);
        }
    }

    private String takePending() {
        String raw = pending.toString();
        pending.setLength(0);
        return raw;
    }
}
