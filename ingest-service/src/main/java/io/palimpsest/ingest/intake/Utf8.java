package io.palimpsest.ingest.intake;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strict decoding: what is not UTF-8 is refused, never replaced. */
public final class Utf8 {
    private Utf8() {}

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
