package io.palimpsest.ledger.witness;

import io.palimpsest.verifier.merkle.ConsistencyProof;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.function.LongFunction;

/** A log of endless entries, and what it would have been had it been rewritten from an entry on. */
final class GrowingLog {
    static final String ORIGIN = "example.com/log";

    private final String origin;
    private final NoteSigner signer;
    private final LongFunction<String> entries;
    private final MerkleTree tree = new MerkleTree(this::node);

    private GrowingLog(String origin, NoteSigner signer, LongFunction<String> entries) {
        this.origin = origin;
        this.signer = signer;
        this.entries = entries;
    }

    static GrowingLog of(String origin) {
        return signedBy(origin, NoteSigner.generate(origin, KeyType.ED25519, Clock.systemUTC()));
    }

    static GrowingLog signedBy(String origin, NoteSigner signer) {
        return new GrowingLog(origin, signer, index -> "entry " + index);
    }

    /** Entries before {@code from} are the same, the others are not; the key is. */
    GrowingLog rewritten(long from) {
        return new GrowingLog(
                origin, signer, index -> index < from ? entries.apply(index) : "rewritten " + from + " " + index);
    }

    NoteSigner signer() {
        return signer;
    }

    TrustedLogs trusted() {
        return TrustedLogs.parse(List.of(origin + " " + signer.key().text()));
    }

    Hash root(long size) {
        return tree.root(size);
    }

    ConsistencyProof proof(long from, long to) {
        return tree.consistency(from, to);
    }

    SignedNote checkpoint(long size) {
        String text = new Checkpoint(origin, size, tree.root(size)).text();
        return new SignedNote(text, List.of(signer.sign(text)));
    }

    /** With the proof where there is one. */
    AddCheckpoint request(long oldSize, long size) {
        return new AddCheckpoint(oldSize, oldSize <= size ? proof(oldSize, size).path() : List.of(), checkpoint(size));
    }

    private Hash node(int level, long index) {
        return level == 0
                ? Hash.leaf(entries.apply(index).getBytes(StandardCharsets.UTF_8))
                : Hash.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
    }
}
