package io.palimpsest.ingest.fetch;

import io.palimpsest.contracts.error.ErrorCode;
import java.io.IOException;

/** A fetch ends here, with this code; an {@code IOException} so that it passes through the HTTP client unchanged. */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    RefusedException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    ErrorCode code() {
        return code;
    }

    FetchOutcome.FetchFailed outcome() {
        return new FetchOutcome.FetchFailed(code, String.valueOf(getMessage()));
    }
}
