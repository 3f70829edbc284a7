package io.palimpsest.contracts.error;

import org.jspecify.annotations.Nullable;

/** The one failure type between rooms: a code and a message that says what, which id, limit against actual. Never content. */
public final class PalimpsestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public PalimpsestException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public PalimpsestException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
