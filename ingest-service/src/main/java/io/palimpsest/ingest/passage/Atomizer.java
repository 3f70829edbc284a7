package io.palimpsest.ingest.passage;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a block as one atom, or, where it is over the limit, as its lines and sentences, else words, else runs of characters. */
final class Atomizer {
    private static final Pattern LINE_END = Pattern.compile("\\n\\s*");
    /** Latin full stop and its kin with white space after them, CJK ones without, and line ends. */
    private static final Pattern SENTENCE_END =
            Pattern.compile("[.!?…][\\p{Pe}\\p{Pf}\"'*_`]*\\s+|[。！？｡]\\p{Pe}*\\s*|\\n\\s*");

    private static final Pattern WORD_END = Pattern.compile("\\s+");
    /** One word in this many ends an atom: 8 words are some 10 tokens. Arbitrary. */
    private static final int WORDS_PER_ATOM = 8;
    /** Longest run of words whose hashes end no atom, such as the same word over and over. Arbitrary. */
    private static final int MAX_WORDS_PER_ATOM = 64;
    /** Pieces of a word that is over the limit by itself. Arbitrary. */
    private static final int CHARS_PER_PIECE = 128;

    private final ToIntFunction<String> tokenCount;
    private final int maxTokens;

    Atomizer(ToIntFunction<String> tokenCount, int maxTokens) {
        this.tokenCount = tokenCount;
        this.maxTokens = maxTokens;
    }

    /** Adds the atoms of a block, in order; white space at their ends is left out; a blank block has none. */
    void atoms(String text, Block block, @Nullable Block tableHeader, List<Atom> into) {
        Cutting cutting = new Cutting(text, block, tableHeader, into);
        cutting.whole(block.start(), block.end());
    }

    private final class Cutting {
        private final String text;
        private final Block block;
        private final @Nullable Block tableHeader;
        private final List<Atom> into;

        Cutting(String text, Block block, @Nullable Block tableHeader, List<Atom> into) {
            this.text = text;
            this.block = block;
            this.tableHeader = tableHeader;
            this.into = into;
        }

        void whole(int from, int to) {
            if (!addIfFits(from, to)) {
                Pattern end = block.kind() == BlockKind.CODE ? LINE_END : SENTENCE_END;
                Matcher ends = end.matcher(text).region(from, to);
                int start = from;
                while (ends.find()) {
                    sentence(start, ends.end());
                    start = ends.end();
                }
                sentence(start, to);
            }
        }

        private void sentence(int from, int to) {
            if (addIfFits(from, to)) {
                return;
            }
            Matcher ends = WORD_END.matcher(text).region(from, to);
            int start = from;
            int wordStart = from;
            int words = 0;
            while (ends.find()) {
                words++;
                long hash = Priority.of(text.substring(wordStart, ends.start()));
                boolean last = Long.remainderUnsigned(hash, WORDS_PER_ATOM) == 0;
                if (last || words == MAX_WORDS_PER_ATOM) {
                    words(start, ends.end());
                    start = ends.end();
                    words = 0;
                }
                wordStart = ends.end();
            }
            words(start, to);
        }

        private void words(int from, int to) {
            if (!addIfFits(from, to)) {
                for (int start = from; start < to; ) {
                    int end = pieceEnd(start, Math.min(to, start + CHARS_PER_PIECE));
                    characters(start, end);
                    start = end;
                }
            }
        }

        private void characters(int from, int to) {
            if (!addIfFits(from, to)) {
                int middle = pieceEnd(from, from + (to - from) / 2);
                if (middle >= to) {
                    add(from, to, count(from, to)); // one code point: nothing smaller exists
                } else {
                    characters(from, middle);
                    characters(middle, to);
                }
            }
        }

        /** Never between the halves of a surrogate pair, and always after {@code from}. */
        private int pieceEnd(int from, int end) {
            boolean splitsPair = end > 0
                    && end < text.length()
                    && Character.isHighSurrogate(text.charAt(end - 1))
                    && Character.isLowSurrogate(text.charAt(end));
            int whole = splitsPair ? end + 1 : end;
            return whole > from ? whole : Math.min(from + Character.charCount(text.codePointAt(from)), text.length());
        }

        /** True where nothing is left to add: the range was added, or is blank. */
        private boolean addIfFits(int from, int to) {
            int start = from;
            int end = to;
            while (start < end && Character.isWhitespace(text.charAt(start))) {
                start++;
            }
            while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
                end--;
            }
            if (start == end) {
                return true;
            }
            int tokens = count(start, end);
            if (tokens > maxTokens) {
                return false;
            }
            add(start, end, tokens);
            return true;
        }

        private int count(int start, int end) {
            return tokenCount.applyAsInt(text.substring(start, end));
        }

        private void add(int start, int end, int tokens) {
            into.add(new Atom(start, end, tokens, Priority.of(text.substring(start, end)), block, tableHeader));
        }
    }
}
