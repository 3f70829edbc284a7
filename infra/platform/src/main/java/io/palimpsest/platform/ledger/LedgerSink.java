package io.palimpsest.platform.ledger;

import io.palimpsest.contracts.event.LedgerEntry;

/** Where entries go. Recording the same entry again is the same entry: its id is deterministic. */
@FunctionalInterface
public interface LedgerSink {
    void record(LedgerEntry entry);
}
