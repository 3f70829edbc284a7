package io.palimpsest.contracts.content;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.PassageId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A citable piece of a revision: {@code text[start:end]} of its extracted document, exactly.
 *
 * @param start first UTF-16 unit in the extracted text, inclusive
 * @param end exclusive
 * @param headingPath titles of the headings above it, outermost first
 * @param tableHeader header row of the table that a row passage was cut from; null otherwise
 * @param page 1-based page on which it starts; null where unknown: right or absent
 * @param textHash SHA-256 of {@link #embeddedText}: the key of its embedding
 * @param tokens length of {@link #embeddedText} in the embedder's tokens, special tokens not counted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Passage(
        PassageId id,
        int start,
        int end,
        List<String> headingPath,
        @Nullable String tableHeader,
        @Nullable Integer page,
        ContentHash textHash,
        int tokens) {
    public Passage {
        headingPath = List.copyOf(headingPath);
    }

    /** What is embedded and indexed: heading path, table header and the passage's text, a line each where present. */
    public static String embeddedText(List<String> headingPath, @Nullable String tableHeader, String text) {
        StringBuilder embedded = new StringBuilder(text.length() + 64);
        if (!headingPath.isEmpty()) {
            embedded.append(String.join(" > ", headingPath)).append('\n');
        }
        if (tableHeader != null) {
            embedded.append(tableHeader).append('\n');
        }
        return embedded.append(text).toString();
    }

    public String textIn(ExtractedDocument document) {
        return document.text().substring(start, end);
    }

    public String embeddedTextIn(ExtractedDocument document) {
        return embeddedText(headingPath, tableHeader, textIn(document));
    }
}
