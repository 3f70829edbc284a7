package io.palimpsest.platform.content;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Hashes what passes and fails at the end, and at every damage before, with {@link ErrorCode#STORE_FAILED}. */
final class VerifiedStream extends InputStream {
    private final InputStream in;
    private final ContentHash expected;
    private final MessageDigest digest = ContentHash.sha256();
    private boolean ended;

    VerifiedStream(InputStream in, ContentHash expected) {
        this.in = in;
        this.expected = expected;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) {
        if (ended) {
            return -1;
        }
        int count;
        try {
            count = in.read(buffer, from, length);
        } catch (IOException e) {
            throw damaged(e);
        }
        if (count < 0) {
            ended = true;
            if (!HexFormat.of().formatHex(digest.digest()).equals(expected.value())) {
                throw damaged(null);
            }
        } else {
            digest.update(buffer, from, count);
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private PalimpsestException damaged(@org.jspecify.annotations.Nullable Throwable cause) {
        return new PalimpsestException(
                ErrorCode.CONTENT_DAMAGED, "the stored content " + expected + " is damaged or not readable", cause);
    }
}
