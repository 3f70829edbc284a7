package io.palimpsest.ingest.intake;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Strict decoding: what is not UTF-8 is refused, never replaced. */
public final class Utf8 {
    private static final int PIECE = 2048;

    private Utf8() {}

    /**
     * As {@link #require} for who has no use for the text.
     *
     * @throws PalimpsestException UTF8_INVALID
     */
    public static void check(byte[] bytes, String what) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer piece = CharBuffer.allocate(Math.min(bytes.length + 1, PIECE));
        CoderResult result;
        do {
            piece.clear();
            result = decoder.decode(in, piece, true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw new PalimpsestException(ErrorCode.UTF8_INVALID, what + " is not valid UTF-8");
        }
    }

    /**
     * @param what for the message, such as "the event"
     * @throws PalimpsestException UTF8_INVALID
     */
    public static String require(byte[] bytes, String what) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PalimpsestException(ErrorCode.UTF8_INVALID, what + " is not valid UTF-8", e);
        }
    }
}
