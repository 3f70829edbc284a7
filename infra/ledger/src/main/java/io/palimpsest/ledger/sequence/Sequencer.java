package io.palimpsest.ledger.sequence;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.ledger.log.TransparencyLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Appends entries to the log, each once by its id, in the order in which they come.
 *
 * <p>Threading: one thread. Ordering and idempotency: when {@link #append} returns, each of the entries is in the log, on the disk
 * and under a published checkpoint; what is there already is not appended again. Failure: those of the log and of the database;
 * then the same entries come again.
 */
public final class Sequencer {
    private final TransparencyLog log;
    private final EntryIndex index;
    private final Salts salts;

    public Sequencer(TransparencyLog log, EntryIndex index, Salts salts) {
        this.log = log;
        this.index = index;
        this.salts = salts;
    }

    /** After a start or a failure, which may have come between the log and its index. */
    void begin() {
        log.settle();
        index.catchUp();
    }

    /** @return how many of them are new */
    public int append(List<LedgerEntry> entries) {
        Map<String, LedgerEntry> byId = new LinkedHashMap<>();
        entries.forEach(entry -> byId.putIfAbsent(entry.entryId(), entry));
        Set<String> known = index.known(byId.keySet());
        byId.keySet().removeAll(known);
        if (byId.isEmpty()) {
            return 0;
        }
        List<Leaf> leaves = salts.leaves(new ArrayList<>(byId.values()));
        long first = log.append(leaves.stream().map(Leaf::bytes).toList());
        index.add(first, leaves, first + leaves.size());
        return leaves.size();
    }
}
