package io.palimpsest.platform.ledger;

import io.palimpsest.contracts.event.LedgerEntry;
import java.util.List;

/** Where entries go that somebody answers for. */
@FunctionalInterface
public interface LedgerDelivery {
    /**
     * Waits until all of them have arrived, or cannot.
     *
     * @return whether all of them have; otherwise some may have, and none of them is lost by delivering all again
     */
    boolean deliver(List<LedgerEntry> entries);
}
