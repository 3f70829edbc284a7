package io.palimpsest.contracts.content;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The extracted form of a document: its whole text and the blocks in it, ascending and not overlapping. Stored as JSON
 * in the content store, never on a topic. All offsets count UTF-16 units.
 *
 * @param title from the document's metadata; null where it has none
 * @param metadata selected metadata of the format (author, created, language, ...), small
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExtractedDocument(
        @Nullable String title, String mediaType, String text, List<Block> blocks, Map<String, String> metadata) {
    /** Of {@link #metadata}: which parts the text lacks because they could not be read; absent where it lacks none. */
    public static final String UNREAD = "unread";

    public ExtractedDocument {
        blocks = List.copyOf(blocks);
        metadata = Map.copyOf(metadata);
    }

    public String textOf(Block block) {
        return text.substring(block.start(), block.end());
    }

    /** The same with {@link #UNREAD}. */
    public ExtractedDocument withUnread(String parts) {
        Map<String, String> told = new HashMap<>(metadata);
        told.put(UNREAD, parts);
        return new ExtractedDocument(title, mediaType, text, blocks, told);
    }

    public boolean isEmpty() {
        return text.isBlank();
    }
}
