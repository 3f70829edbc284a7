package io.palimpsest.ingest;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What was made and is to be closed, last made first; each is closed, whatever the others do. */
final class Parts implements AutoCloseable {
    private final Deque<AutoCloseable> made = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        made.push(part);
        return part;
    }

    @Override
    public void close() {
        @Nullable RuntimeException first = null;
        for (AutoCloseable part : made) {
            try {
                part.close();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                RuntimeException failure =
                        e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        made.clear();
        if (first != null) {
            throw first;
        }
    }
}
