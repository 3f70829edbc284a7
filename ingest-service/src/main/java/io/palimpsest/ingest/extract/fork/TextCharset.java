package io.palimpsest.ingest.extract.fork;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Tells UTF-8 and windows-1252 from a sample of a text. Statistics over letters take short western texts for Cyrillic; these
 * two, by far the most common, have a shape that can be seen.
 */
public final class TextCharset {
    static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    /** In western languages fewer letters than this are outside of ASCII, in all others far more. Arbitrary. */
    private static final double MOST_ACCENTED = 0.3;

    private int letters;
    private int beyondAscii;
    private int sequences;
    private int broken;
    private boolean otherwise;

    private TextCharset() {}

    /**
     * @param sample the text or its start, cut anywhere
     * @return null where it is neither
     */
    public static @Nullable Charset of(byte[] sample) {
        TextCharset counts = new TextCharset();
        for (int at = 0; at < sample.length; ) {
            at += counts.count(sample, at);
        }
        if (counts.otherwise) {
            return null;
        }
        // A damaged UTF-8 text is still one; in windows-1252 its sequences hardly come by chance.
        if (counts.beyondAscii == 0 || counts.sequences > counts.broken) {
            return StandardCharsets.UTF_8;
        }
        boolean western = counts.beyondAscii <= MOST_ACCENTED * (counts.beyondAscii + counts.letters);
        return western ? WINDOWS_1252 : null;
    }

    /** @return bytes read */
    private int count(byte[] sample, int at) {
        int first = sample[at] & 0xFF;
        if (first < 0x80) {
            otherwise |= first == 0; // UTF-16 without a mark, or no text
            letters += Character.isLetter(first) ? 1 : 0;
            return 1;
        }
        int length = sequence(first);
        int end = at + 1;
        while (end < at + length && end < sample.length && (sample[end] & 0xC0) == 0x80) {
            end++;
        }
        boolean whole = length > 0 && (end == at + length || end == sample.length);
        sequences += whole ? 1 : 0;
        broken += whole ? 0 : 1;
        beyondAscii++;
        return whole ? end - at : 1;
    }

    /** Bytes of the UTF-8 sequence that starts with this one; 0 where none does. */
    private static int sequence(int first) {
        if (first >= 0xC2 && first <= 0xDF) {
            return 2;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            return 3;
        }
        return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
    }
}
