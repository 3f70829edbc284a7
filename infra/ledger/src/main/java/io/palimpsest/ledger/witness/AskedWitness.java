package io.palimpsest.ledger.witness;

import io.palimpsest.ledger.witness.WitnessOutcome.Cosigned;
import io.palimpsest.ledger.witness.WitnessOutcome.NotAsked;
import io.palimpsest.ledger.witness.WitnessOutcome.OtherSize;
import io.palimpsest.ledger.witness.WitnessOutcome.Refused;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** A witness and the size that it has cosigned last of one log, as far as is known. Asked one checkpoint at a time. */
final class AskedWitness {
    private final WitnessClient client;
    private final ReentrantLock lock = new ReentrantLock();
    private long lastSize;

    AskedWitness(WitnessClient client) {
        this.client = client;
    }

    String name() {
        return client.witness().name();
    }

    /** Twice where it says that it has another size than it was thought to have. */
    WitnessOutcome ask(SignedNote note, ConsistencyProofs proofs) throws InterruptedException {
        if (!lock.tryLock()) {
            return new NotAsked("it has not answered to an earlier checkpoint yet");
        }
        try {
            long size = Checkpoint.parse(note.text()).treeSize();
            if (lastSize > size) {
                return new OtherSize(lastSize);
            }
            WitnessOutcome first = askOnce(note, size, lastSize, proofs);
            return first instanceof OtherSize other && other.size() <= size
                    ? askOnce(note, size, other.size(), proofs)
                    : first;
        } finally {
            lock.unlock();
        }
    }

    private WitnessOutcome askOnce(SignedNote note, long size, long oldSize, ConsistencyProofs proofs)
            throws InterruptedException {
        AddCheckpoint request;
        try {
            request = new AddCheckpoint(oldSize, proof(oldSize, size, proofs), note);
        } catch (RuntimeException e) {
            return new NotAsked("from size " + oldSize + " to " + size + " there is no proof: " + e);
        }
        return switch (client.ask(request)) {
            case Cosigned cosigned -> {
                lastSize = size;
                yield cosigned;
            }
            case OtherSize other
            when other.size() == oldSize -> new Refused(409, "it has cosigned another tree of size " + oldSize);
            case OtherSize other -> {
                // A larger one can be proven by no checkpoint so far: it is asked for again with the next one.
                lastSize = other.size() <= size ? other.size() : lastSize;
                yield other;
            }
            case WitnessOutcome outcome -> outcome;
        };
    }

    private static List<Hash> proof(long from, long to, ConsistencyProofs proofs) {
        return from == 0 || from == to ? List.of() : proofs.between(from, to).path();
    }
}
