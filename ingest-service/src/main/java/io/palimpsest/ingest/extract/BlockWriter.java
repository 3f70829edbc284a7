package io.palimpsest.ingest.extract;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects the text of a document and the blocks in it. Text is NFC without control characters; white space within a
 * block is one space, except in code; blocks are a blank line apart.
 */
final class BlockWriter {
    private static final Pattern WHITE = Pattern.compile("[\\s\\p{Z}]+");
    /** Controls but tab and line feed, invisible joiners and marks, non-characters, halves of surrogate pairs. */
    private static final Pattern UNWANTED =
            Pattern.compile("[\\p{Cc}\\p{Cs}\\x{AD}\\x{FEFF}\\x{200B}\\x{FFFE}\\x{FFFF}&&[^\\t\\n]]");

    /** No text has these controls: they are windows-1252 punctuation that was read as ISO 8859-1. */
    private static final Pattern C1 = Pattern.compile("[\\x{80}-\\x{84}\\x{86}-\\x{9F}]");

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private final StringBuilder text = new StringBuilder();
    private final List<Block> blocks = new ArrayList<>();
    private final int maxChars;
    private int lastLineChars;

    BlockWriter(int maxChars) {
        this.maxChars = maxChars;
    }

    void prose(BlockKind kind, int level, @Nullable Integer page, CharSequence raw) {
        append(kind, level, page, inline(raw));
    }

    void code(@Nullable Integer page, CharSequence raw) {
        String lines = raw.toString().replace("\r\n", "\n").replace('\r', '\n');
        append(
                BlockKind.CODE,
                0,
                page,
                clean(lines).replaceAll("^(?:[ \\t]*\\n)+", "").stripTrailing());
    }

    /** Longer lines that end without a full stop go on in the next one; arbitrary, about three quarters of a page's width. */
    private static final int FULL_LINE_CHARS = 60;

    /** A line of prose of a format that tells lines, not paragraphs: goes on with the last block where that is unfinished. */
    void line(@Nullable Integer page, CharSequence raw) {
        String content = inline(raw);
        Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
        if (content.isEmpty() || last == null || !goesOn(last, page, content)) {
            append(BlockKind.PARAGRAPH, 0, page, content);
            lastLineChars = content.length();
            return;
        }
        blocks.remove(blocks.size() - 1);
        limit(1 + content.length());
        text.append(' ').append(content);
        blocks.add(new Block(last.kind(), last.start(), text.length(), last.level(), last.page()));
        lastLineChars = content.length();
    }

    /** The next line starts a paragraph. */
    void breakLines() {
        lastLineChars = 0;
    }

    private boolean goesOn(Block last, @Nullable Integer page, String next) {
        char end = text.charAt(text.length() - 1);
        boolean unfinished = ".!?:;\u201D\"".indexOf(end) < 0;
        return lastLineChars > 0
                && last.kind() == BlockKind.PARAGRAPH
                && Objects.equals(last.page(), page)
                && unfinished
                && (lastLineChars >= FULL_LINE_CHARS || Character.isLowerCase(next.charAt(0)));
    }

    /** Cells are already in line; empty ones at the end are dropped. */
    void row(BlockKind kind, @Nullable Integer page, List<String> cells) {
        append(kind, 0, page, String.join("\t", cells).stripTrailing());
    }

    static String inline(CharSequence raw) {
        return WHITE.matcher(clean(WHITE.matcher(raw).replaceAll(" ")))
                .replaceAll(" ")
                .strip();
    }

    String text() {
        return text.toString();
    }

    /** @param change gets the text and its blocks, and gives as many blocks of the same ranges */
    void replaceAll(BiFunction<String, List<Block>, List<Block>> change) {
        List<Block> changed = change.apply(text.toString(), List.copyOf(blocks));
        blocks.clear();
        blocks.addAll(changed);
    }

    List<Block> blocks() {
        return blocks;
    }

    private void append(BlockKind kind, int level, @Nullable Integer page, String content) {
        if (content.isBlank()) {
            return;
        }
        if (!text.isEmpty()) {
            text.append("\n\n");
        }
        int start = text.length();
        limit(content.length());
        lastLineChars = 0;
        text.append(content);
        blocks.add(new Block(kind, start, text.length(), level, page));
    }

    private void limit(int more) {
        if (text.length() + more > maxChars) {
            throw new TextTooLongException();
        }
    }

    private static String clean(String raw) {
        String readable = C1.matcher(raw).replaceAll(match -> windows1252(match.group()));
        return Normalizer.normalize(UNWANTED.matcher(readable).replaceAll(""), Normalizer.Form.NFC);
    }

    private static String windows1252(String control) {
        String meant = new String(control.getBytes(StandardCharsets.ISO_8859_1), WINDOWS_1252);
        return meant.codePointAt(0) == 0xFFFD ? "" : meant;
    }

    /** The text is over the limit; the caller names it. */
    static final class TextTooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
