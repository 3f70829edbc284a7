package io.palimpsest.ledger.witness;

import io.palimpsest.ledger.witness.WitnessVerdict.Cosigned;
import io.palimpsest.ledger.witness.WitnessVerdict.Inconsistent;
import io.palimpsest.ledger.witness.WitnessVerdict.Malformed;
import io.palimpsest.ledger.witness.WitnessVerdict.OtherRoot;
import io.palimpsest.ledger.witness.WitnessVerdict.OtherSize;
import io.palimpsest.ledger.witness.WitnessVerdict.UnknownLog;
import io.palimpsest.ledger.witness.WitnessVerdict.Unsigned;
import io.palimpsest.platform.telemetry.LogKey;
import io.palimpsest.verifier.merkle.ConsistencyProof;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cosigns the checkpoints of the logs that it knows, as long as each log only grows (C2SP tlog-witness): all that it ever
 * cosigns of a log is one chain.
 *
 * <p>Threading: safe. A check and what is remembered after it are one step; of two requests one comes first. Ordering: remembered
 * on disk first, cosigned then. Failure: after a write that failed nobody knows what the disk holds, and nothing is cosigned any
 * more until a new process has read it.
 */
public final class Witness {
    private static final Logger LOG = LoggerFactory.getLogger(Witness.class);

    private final TrustedLogs logs;
    private final NoteSigner signer;
    private final WitnessMemory memory;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean isUncertain;

    /** @throws IllegalArgumentException unless the key is one that cosigns */
    public Witness(TrustedLogs logs, NoteSigner signer, WitnessMemory memory) {
        if (signer.key().type() != KeyType.COSIGNATURE_V1) {
            throw new IllegalArgumentException("the key of a witness is of type " + KeyType.COSIGNATURE_V1 + ", not "
                    + signer.key().type());
        }
        this.logs = logs;
        this.signer = signer;
        this.memory = memory;
    }

    /**
     * @param body of the request, as {@link AddCheckpoint} writes it
     * @throws UncheckedIOException when the disk does not take what is to be remembered, from then on
     */
    WitnessVerdict judge(byte[] body) {
        AddCheckpoint request;
        try {
            request = AddCheckpoint.parse(body);
        } catch (IllegalArgumentException e) {
            return new Malformed(e.getMessage() == null ? "not a request" : e.getMessage());
        }
        Checkpoint checkpoint = request.checkpoint();
        if (!logs.isKnown(checkpoint.origin())) {
            return new UnknownLog();
        }
        if (!logs.isSigned(checkpoint.origin(), request.note())) {
            return new Unsigned();
        }
        if (request.oldSize() > checkpoint.treeSize()) {
            return new Malformed("the old size is larger than that of the checkpoint");
        }
        lock.lock();
        try {
            return inTurn(request, checkpoint);
        } finally {
            lock.unlock();
        }
    }

    private WitnessVerdict inTurn(AddCheckpoint request, Checkpoint checkpoint) {
        TreeHead last = memory.last(checkpoint.origin());
        TreeHead next = new TreeHead(checkpoint.treeSize(), checkpoint.rootHash());
        if (request.oldSize() != last.treeSize()) {
            return new OtherSize(last.treeSize());
        }
        if (next.treeSize() == last.treeSize() && !next.rootHash().equals(last.rootHash())) {
            return refused(checkpoint, new OtherRoot());
        }
        try {
            new ConsistencyProof(last.treeSize(), next.treeSize(), request.proof())
                    .verify(last.rootHash(), next.rootHash());
        } catch (InvalidProofException e) {
            return refused(checkpoint, new Inconsistent(e.getMessage() == null ? "not proven" : e.getMessage()));
        }
        remember(checkpoint.origin(), last, next);
        return new Cosigned(signer.sign(request.note().text()));
    }

    private void remember(String origin, TreeHead last, TreeHead next) {
        if (isUncertain) {
            throw new UncheckedIOException(
                    new IOException("what was cosigned last could not be written before: restart the witness"));
        }
        if (next.equals(last)) {
            return;
        }
        try {
            memory.remember(origin, next);
        } catch (IOException e) {
            isUncertain = true;
            throw new UncheckedIOException(e);
        }
    }

    private static WitnessVerdict refused(Checkpoint checkpoint, WitnessVerdict verdict) {
        LOG.atWarn()
                .addKeyValue(LogKey.TREE_SIZE.key(), checkpoint.treeSize())
                .log(
                        "log {} signed a checkpoint that does not continue its last one: {}",
                        checkpoint.origin(),
                        verdict);
        return verdict;
    }
}
