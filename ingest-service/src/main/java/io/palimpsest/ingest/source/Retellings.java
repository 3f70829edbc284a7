package io.palimpsest.ingest.source;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.reconcile.Difference;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What a source's own thread is asked to tell anew: nobody else may number its changes. Threading: safe. */
final class Retellings {
    /** Of a batch; a broker that is away for longer is waited for by a later attempt. Arbitrary. */
    private static final long MINUTES = 5;

    private final Queue<Asked> waiting = new ConcurrentLinkedQueue<>();

    private record Asked(List<Difference> differences, CompletableFuture<Long> published) {}

    /** Returns what was published, when it has arrived. */
    long ask(List<Difference> differences) {
        Asked asked = new Asked(differences, new CompletableFuture<>());
        waiting.add(asked);
        try {
            return asked.published().get(MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PalimpsestException failed ? failed : away(e.getCause());
        } catch (TimeoutException e) {
            throw away(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away(e);
        } finally {
            waiting.remove(asked);
        }
    }

    /** On the source's thread. */
    void answer(ToLongFunction<List<Difference>> retell) {
        for (Asked asked = waiting.poll(); asked != null; asked = waiting.poll()) {
            try {
                asked.published().complete(retell.applyAsLong(asked.differences()));
            } catch (RuntimeException e) {
                asked.published().completeExceptionally(e);
                throw e; // the source begins anew, as after any failure
            }
        }
    }

    private static PalimpsestException away(@Nullable Throwable cause) {
        return new PalimpsestException(
                ErrorCode.RECONCILE_SOURCE_AWAY, "the watched folder does not publish now; it is tried again", cause);
    }
}
