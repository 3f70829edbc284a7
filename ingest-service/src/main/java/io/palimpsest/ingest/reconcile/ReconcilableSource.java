package io.palimpsest.ingest.reconcile;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import java.util.List;

/**
 * A source that can list what it has, and be told to tell of some documents anew.
 *
 * <p>Threading: one thread at a time. Failure: codes with RETRY; {@link #list} of a source that is away is one, never an
 * empty listing.
 */
public interface ReconcilableSource {
    /** As people call it, unique in its collection: {@code folder}, {@code folder:NAME}, {@code s3:NAME}. */
    String name();

    /** As its changes name it. */
    String eventSource();

    CollectionKey collection();

    /** Whether this process may publish for it now. */
    boolean isHere();

    /** Whether fewer are gone of those known than its setting lets go without a word. */
    boolean mayLose(long gone, long known);

    /** Everything that it has now, by its content rather than by sizes and times. */
    Listed list(Beat beat);

    /**
     * Publishes each of these as it is now, or its end, after all that was said of it before. May be told twice.
     *
     * @return changes published
     */
    long retell(List<Difference> differences);

    /** Told of progress. */
    @FunctionalInterface
    interface Beat {
        /**
         * @param listed documents so far
         * @throws PalimpsestException {@code RECONCILE_CANCELLED}
         */
        void at(long listed);
    }
}
