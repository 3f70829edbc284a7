package io.palimpsest.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.verifier.merkle.ConsistencyProof;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Judges evidence by our own code, in the order in which the program in Go does. */
final class OurAuditor {
    private final Evidence evidence;
    private final Map<Long, Hash> roots = new HashMap<>();

    private OurAuditor(Evidence evidence) {
        this.evidence = evidence;
    }

    static Verdict audit(Evidence evidence) throws IOException {
        return new OurAuditor(evidence).verdict();
    }

    private Verdict verdict() throws IOException {
        Checkpoint head;
        try {
            head = opened(Files.readAllBytes(evidence.log.resolve("checkpoint")));
        } catch (InvalidNoteException | IllegalArgumentException | NoSuchFileException e) {
            return new Verdict(Finding.CHECKPOINT, e.toString());
        }
        try (TransparencyLog log = Logs.open(evidence.log)) {
            roots.put(head.treeSize(), head.rootHash());
            return history(log)
                    .or(() -> entries(log))
                    .or(this::proofs)
                    .orElseGet(() -> new Verdict(Finding.NOTHING, ok(head)));
        } catch (PalimpsestException e) {
            if (e.code() != ErrorCode.LEDGER_DAMAGED) {
                throw e;
            }
            return new Verdict(Finding.FILES, e.toString());
        }
    }

    /** As the program in Go says it. */
    static String ok(Checkpoint head) {
        return "OK " + head.treeSize() + " " + head.rootHash().base64();
    }

    private static Checkpoint opened(byte[] signed) throws InvalidNoteException {
        SignedNote note = SignedNote.parse(signed);
        if (note.verified(Logs.IDENTITY.keys()).isEmpty()) {
            throw new InvalidNoteException("not signed by the log");
        }
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        if (!checkpoint.origin().equals(Logs.IDENTITY.origin())) {
            throw new IllegalArgumentException("of another log");
        }
        return checkpoint;
    }

    private Optional<Verdict> history(TransparencyLog log) {
        Checkpoint head = log.head().checkpoint();
        for (byte[] note : evidence.earlier) {
            try {
                Checkpoint earlier = opened(note);
                if (earlier.treeSize() > head.treeSize()) {
                    throw new InvalidProofException("there were " + earlier.treeSize() + " entries");
                }
                log.tree().consistency(earlier.treeSize(), head.treeSize()).verify(earlier.rootHash(), head.rootHash());
                roots.put(earlier.treeSize(), earlier.rootHash());
            } catch (InvalidNoteException | InvalidProofException | IllegalArgumentException e) {
                return Optional.of(new Verdict(Finding.HISTORY, e.toString()));
            }
        }
        return Optional.empty();
    }

    private Optional<Verdict> entries(TransparencyLog log) {
        return evidence.entries.entrySet().stream()
                .filter(held -> held.getKey() >= log.head().treeSize()
                        || !Arrays.equals(log.entry(held.getKey()), held.getValue()))
                .findFirst()
                .map(held -> new Verdict(
                        Finding.PROOF, "entry " + held.getKey() + " is not " + new String(held.getValue(), UTF_8)));
    }

    private Optional<Verdict> proofs() {
        try {
            for (Evidence.Inclusion held : evidence.inclusions) {
                held.proof().verify(Hash.leaf(held.entry()), root(held.proof().treeSize()));
            }
            for (ConsistencyProof proof : evidence.consistencies) {
                proof.verify(root(proof.from()), root(proof.to()));
            }
            return Optional.empty();
        } catch (InvalidProofException e) {
            return Optional.of(new Verdict(Finding.PROOF, e.toString()));
        }
    }

    private Hash root(long treeSize) throws InvalidProofException {
        Hash root = roots.get(treeSize);
        if (root == null) {
            throw new InvalidProofException("no checkpoint has the size " + treeSize);
        }
        return root;
    }
}
