package io.palimpsest.retrain.tune.openai;

import org.jspecify.annotations.Nullable;

/** The endpoint answered with a status that repeating does not change. */
final class RefusedCall extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final int status;

    /** @param what was asked, without ids of people or texts */
    RefusedCall(String what, int status) {
        this("the fine-tuning endpoint refused to " + what + " with status " + status, status, null);
    }

    private RefusedCall(String reason, int status, @Nullable Throwable cause) {
        super(reason, cause);
        this.reason = reason;
        this.status = status;
    }

    String reason() {
        return reason;
    }

    int status() {
        return status;
    }
}
