package io.palimpsest.platform.kafka;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * The administration client of whoever asks for as long as the process runs. Kafka's own, once it was not let in, says so for
 * ever: after a failure it is made anew.
 *
 * <p>Threading: safe.
 */
final class LastingAdmin implements AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final Supplier<? extends Admin> made;
    private @Nullable Admin current;

    LastingAdmin(Supplier<? extends Admin> made) {
        this.made = made;
    }

    /** @throws org.apache.kafka.common.KafkaException when none can be made */
    synchronized Admin client() {
        if (current == null) {
            current = made.get();
        }
        return current;
    }

    /** The next one is another. */
    synchronized void failed() {
        close();
    }

    @Override
    public synchronized void close() {
        if (current != null) {
            current.close(CLOSING);
            current = null;
        }
    }
}
