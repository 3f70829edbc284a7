package io.palimpsest.contracts.content;

/** What a block of an extracted document is. */
public enum BlockKind {
    HEADING,
    PARAGRAPH,
    LIST_ITEM,
    /** One row of a table, cells separated by a tab; the header row is {@link #TABLE_HEADER}. */
    TABLE_ROW,
    TABLE_HEADER,
    CODE
}
