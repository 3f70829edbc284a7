package io.palimpsest.ingest.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.intake.Receipt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What became of one event of many.
 *
 * @param line 1-based, of the stream or the batch
 * @param code null when it was taken
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LineAnswer(
        long line,
        @Nullable String changeId,
        @Nullable String code,
        @Nullable String error,
        @Nullable String message) {
    static CompletableFuture<LineAnswer> of(long line, CompletableFuture<Receipt> receipt) {
        return receipt.handle((taken, failure) -> failure == null ? taken(line, taken) : refused(line, cause(failure)));
    }

    static LineAnswer taken(long line, Receipt receipt) {
        return new LineAnswer(line, receipt.changeId().value(), null, null, null);
    }

    static LineAnswer refused(long line, Throwable cause) {
        return cause instanceof PalimpsestException known
                ? new LineAnswer(line, null, known.code().id(), known.code().name(), known.getMessage())
                : new LineAnswer(
                        line, null, ErrorCode.INTERNAL.id(), ErrorCode.INTERNAL.name(), ErrorCode.INTERNAL.hint());
    }

    boolean isTaken() {
        return code == null;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
