package io.palimpsest.contracts.content;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the structure of an extracted document.
 *
 * @param start first UTF-16 unit in the document's text, inclusive
 * @param end exclusive; {@code start < end}
 * @param level 1 to 6 for headings, nesting depth from 1 for list items, 0 otherwise
 * @param page 1-based page, slide or sheet number; null where the format has none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Block(
        BlockKind kind,
        int start,
        int end,
        int level,
        @Nullable Integer page) {
    public Block {
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException("empty or negative block range: " + start + ".." + end);
        }
    }

    public static Block of(BlockKind kind, int start, int end) {
        return new Block(kind, start, end, 0, null);
    }
}
