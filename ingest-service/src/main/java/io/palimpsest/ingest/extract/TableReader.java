package io.palimpsest.ingest.extract;

import io.palimpsest.contracts.content.BlockKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of one table: the first is its header where its cells say so, or where they look like column names. */
final class TableReader {
    private static final int MAX_HEADER_CELL_CHARS = 60;

    private final BlockWriter blocks;
    private final @Nullable Integer page;
    private final boolean sheet;
    private List<String> cells = new ArrayList<>();
    private boolean headerCells;
    private @Nullable List<String> first;
    private boolean pastFirst;

    /** @param sheet of a spreadsheet, where a row with one cell is a row too */
    TableReader(BlockWriter blocks, @Nullable Integer page, boolean sheet) {
        this.blocks = blocks;
        this.page = page;
        this.sheet = sheet;
    }

    void cell(CharSequence raw, boolean header) {
        cells.add(BlockWriter.inline(raw));
        headerCells |= header;
    }

    void endRow() {
        List<String> row = withoutBlankEnd(cells);
        boolean header = headerCells;
        cells = new ArrayList<>();
        headerCells = false;
        if (row.isEmpty()) {
            return;
        }
        if (header && !pastFirst && first == null) {
            pastFirst = true;
            blocks.row(BlockKind.TABLE_HEADER, page, row);
        } else if (!pastFirst && first == null && row.size() > 1) {
            first = row;
        } else {
            writeFirst(row);
            write(row);
        }
    }

    void end() {
        writeFirst(List.of());
    }

    private void writeFirst(List<String> next) {
        List<String> held = first;
        first = null;
        if (held == null) {
            return;
        }
        pastFirst = true;
        if (looksLikeHeader(held, next)) {
            blocks.row(BlockKind.TABLE_HEADER, page, held);
        } else {
            write(held);
        }
    }

    private void write(List<String> row) {
        if (row.size() == 1 && !sheet) {
            blocks.prose(BlockKind.PARAGRAPH, 0, page, row.get(0));
        } else {
            blocks.row(BlockKind.TABLE_ROW, page, row);
        }
    }

    /** Two columns may as well be names and values: then only a number below tells. */
    private static boolean looksLikeHeader(List<String> row, List<String> next) {
        List<String> named = row.stream().filter(cell -> !cell.isBlank()).toList();
        return named.size() > 1
                && !next.isEmpty()
                && next.size() <= row.size()
                && (named.size() > 2 || next.stream().anyMatch(TableReader::isNumber))
                && named.stream().allMatch(cell -> cell.length() <= MAX_HEADER_CELL_CHARS && !isNumber(cell));
    }

    private static boolean isNumber(String cell) {
        return !cell.isEmpty() && Character.isDigit(cell.charAt(0));
    }

    private static List<String> withoutBlankEnd(List<String> row) {
        int size = row.size();
        while (size > 0 && row.get(size - 1).isBlank()) {
            size--;
        }
        return row.subList(0, size);
    }
}
