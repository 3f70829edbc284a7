package io.palimpsest.index.weaviate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.retry.BackOff;
import java.time.Duration;

/**
 * Asks again, with growing pauses, where that can help. Threading: any.
 *
 * @param reconnect called when the connection is lost
 */
record Attempts(int most, Failures failures, Runnable reconnect) {
    private static final BackOff PAUSES = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(5));

    /** A request. */
    @FunctionalInterface
    interface Request<T> {
        T send() throws Exception;
    }

    /** @param what is done, for the message of a failure */
    <T> T of(String what, Request<T> request) {
        for (int attempt = 1; ; attempt++) {
            try {
                return request.send();
            } catch (PalimpsestException | IllegalArgumentException e) {
                throw e;
            } catch (Exception e) {
                Failures.Failure failure = failures.of(e);
                boolean again = failure.kind().isPassing() && attempt < most;
                if (again) {
                    pause(attempt);
                }
                if (failure.kind() == Failures.Kind.LOST) {
                    reconnect.run();
                }
                if (!again) {
                    throw failures.exception(failure, what, attempt, e);
                }
            }
        }
    }

    /** For what must not be sent twice: reconnects after a failure, and leaves the rest to the caller. */
    <T> T once(String what, Request<T> request) {
        return new Attempts(1, failures, reconnect).of(what, request);
    }

    void pause(int failed) {
        BackOff.pause(
                PAUSES.after(failed),
                e -> new PalimpsestException(ErrorCode.INDEX_UNAVAILABLE, "interrupted between two attempts", e));
    }
}
