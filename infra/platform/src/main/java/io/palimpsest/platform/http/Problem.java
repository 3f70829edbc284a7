package io.palimpsest.platform.http;

import io.palimpsest.contracts.error.ErrorCode;

/**
 * The body of every failed request.
 *
 * @param code stable id, such as {@code PAL-603}
 * @param error its name
 * @param message what happened here
 * @param hint what to do
 */
public record Problem(String code, String error, String message, String hint) {
    static Problem of(ErrorCode code, String message) {
        return new Problem(code.id(), code.name(), message, code.hint());
    }
}
