package io.palimpsest.ledger.export;

import io.palimpsest.verifier.note.SignedNote;
import java.io.IOException;

/** Takes checkpoints. Ordering and idempotency: the same one may come again, after a failure that was none. Threading: one thread. */
interface ExportTarget extends AutoCloseable {
    /** For logs and metrics: tells no address and no secret. */
    String name();

    /** @throws IOException where it is not known to have arrived; the message holds no secret */
    void take(SignedNote checkpoint) throws IOException, InterruptedException;

    @Override
    default void close() {}
}
