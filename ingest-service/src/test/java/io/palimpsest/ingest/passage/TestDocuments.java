package io.palimpsest.ingest.passage;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Documents from parts, and a token counter that needs no model. */
final class TestDocuments {
    /** Like WordPiece in what matters: words of up to 8 characters are one token, longer ones more, marks one each. */
    private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{N}]{1,8}|[^\\p{L}\\p{N}\\s]");

    private TestDocuments() {}

    static int count(String text) {
        return (int) TOKEN.matcher(text).results().count();
    }

    /** @param parts kind, text, kind, text, ... */
    static ExtractedDocument of(Object... parts) {
        StringBuilder text = new StringBuilder();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < parts.length; i += 2) {
            String part = parts[i + 1].toString().strip();
            text.append(text.isEmpty() ? "" : "\n\n");
            int start = text.length();
            blocks.add(Block.of((BlockKind) parts[i], start, text.append(part).length()));
        }
        return new ExtractedDocument(null, "text/plain", text.toString(), blocks, Map.of());
    }
}
