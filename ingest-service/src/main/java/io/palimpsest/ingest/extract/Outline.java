package io.palimpsest.ingest.extract;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The outline of a document whose pages tell no headings: a paragraph that says what an entry says is the entry's heading.
 * Each entry names the first such paragraph after the one before it; entries that name none change nothing.
 */
final class Outline {
    /** Some writers number the headings on the page only, some in the outline only. */
    private static final Pattern NUMBER = Pattern.compile("^(?:\\d+(?:\\.\\d+)*|[A-Z]|[IVXL]+)[.)]?\\s+(?=\\S)");

    private static final int MAX_LEVEL = 6;
    /** A longer paragraph is no heading, whatever the outline says; arbitrary. */
    private static final int MAX_CHARS = 300;

    private final List<Entry> entries = new ArrayList<>();

    private record Entry(int level, String title) {}

    /** In order. */
    void add(int level, String title) {
        entries.add(new Entry(Math.clamp(level, 1, MAX_LEVEL), normal(BlockWriter.inline(title))));
    }

    /** The same blocks, some of them headings now. */
    List<Block> headings(String text, List<Block> blocks) {
        if (entries.isEmpty()) {
            return blocks;
        }
        Map<String, TreeSet<Integer>> paragraphs = new HashMap<>();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            if (block.kind() == BlockKind.PARAGRAPH && block.end() - block.start() <= MAX_CHARS) {
                paragraphs
                        .computeIfAbsent(normal(text.substring(block.start(), block.end())), key -> new TreeSet<>())
                        .add(i);
            }
        }
        List<Block> changed = new ArrayList<>(blocks);
        int from = 0;
        for (Entry entry : entries) {
            TreeSet<Integer> places = paragraphs.getOrDefault(entry.title(), new TreeSet<>());
            @Nullable Integer place = places.ceiling(from);
            if (place != null && !entry.title().isEmpty()) {
                Block block = blocks.get(place);
                changed.set(
                        place, new Block(BlockKind.HEADING, block.start(), block.end(), entry.level(), block.page()));
                from = place + 1;
            }
        }
        return changed;
    }

    private static String normal(String line) {
        return NUMBER.matcher(line).replaceFirst("").toLowerCase(Locale.ROOT);
    }
}
