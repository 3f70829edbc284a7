package io.palimpsest.ingest.http;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads request bodies up to a limit, whole or line by line. Threading: confined. Failure: BODY_TOO_LARGE. */
final class LimitedBody {
    private static final int BUFFER = 8192;

    private final InputStream in;
    private final long limit;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int filled;

    LimitedBody(InputStream in, long limit) {
        this.in = in;
        this.limit = limit;
    }

    byte[] all() throws IOException {
        byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8L, limit + 1));
        if (bytes.length > limit) {
            throw tooLarge("the body");
        }
        return bytes;
    }

    /** Whether {@link #line} gets something to read without waiting for the sender. */
    boolean isReady() throws IOException {
        for (int i = position; i < filled; i++) {
            if (buffer[i] == '\n') {
                return true;
            }
        }
        return in.available() > 0;
    }

    /**
     * The next line without its end; null at the end of the body.
     *
     * @throws PalimpsestException BODY_TOO_LARGE: the line was skipped, and the next one can be read
     */
    byte @Nullable [] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        boolean any = false;
        while (true) {
            if (position == filled) {
                filled = in.read(buffer);
                position = 0;
                if (filled <= 0) {
                    filled = 0;
                    return ended(line, any, tooLong);
                }
            }
            any = true;
            int end = position;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            tooLong = tooLong || line.size() + (long) (end - position) > limit;
            if (!tooLong) {
                line.write(buffer, position, end - position);
            }
            boolean complete = end < filled;
            position = complete ? end + 1 : end;
            if (complete) {
                return ended(line, true, tooLong);
            }
        }
    }

    private byte @Nullable [] ended(ByteArrayOutputStream line, boolean any, boolean tooLong) {
        if (tooLong) {
            throw tooLarge("the line");
        }
        return any ? line.toByteArray() : null;
    }

    private PalimpsestException tooLarge(String what) {
        return new PalimpsestException(ErrorCode.BODY_TOO_LARGE, what + " has more than " + limit + " bytes");
    }
}
