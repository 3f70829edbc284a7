package io.palimpsest.ingest.erase;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.erasure.Erasing;
import io.palimpsest.platform.erasure.Suppressions;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The suppressions as the gate looks at them: read again once a second, so that it asks the database of no change.
 *
 * <p>Threading: safe. Failure: what the database throws, so the gate does not go on with what is too old.
 */
public final class RecentSuppressions implements Predicate<DocumentKey> {
    private static final Duration AGE = Duration.ofSeconds(1);
    /** All gates have read by then, and taken what they had begun: their clocks are not asked. */
    private static final Duration KNOWN = Duration.ofSeconds(4);

    private final Suppressions suppressions;
    private final LongSupplier nanos;
    private volatile Read read;

    private record Read(Set<String> marks, long atNanos) {}

    /** @param nanos as {@link System#nanoTime} */
    public RecentSuppressions(Suppressions suppressions, LongSupplier nanos) {
        this.suppressions = suppressions;
        this.nanos = nanos;
        this.read = new Read(Set.of(), nanos.getAsLong() - AGE.toNanos());
    }

    @Override
    public boolean test(DocumentKey document) {
        Read now = read;
        if (nanos.getAsLong() - now.atNanos() >= AGE.toNanos()) {
            long asked = nanos.getAsLong();
            now = new Read(suppressions.marks(), asked);
            read = now;
        }
        return !now.marks().isEmpty() && now.marks().contains(suppressions.mark(document));
    }

    /** Whether the document has been suppressed for so long that every gate drops its changes. */
    public boolean areKnownToGates(Erasing erasing) {
        return suppressions.holdsFor(erasing.document()).compareTo(KNOWN) >= 0;
    }
}
