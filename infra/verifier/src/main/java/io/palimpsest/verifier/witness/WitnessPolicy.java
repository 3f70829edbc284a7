package io.palimpsest.verifier.witness;

import io.palimpsest.verifier.note.Cosignature;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.NoteSignature;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A checkpoint counts when k of n witnesses have cosigned it. What the log itself signed is {@link SignedNote#verified}'s to
 * tell.
 *
 * @param witnesses n different keys; also two names of one key are one witness, and refused
 * @param quorum k, 0 to n; 0: no cosignature is needed
 */
public record WitnessPolicy(List<NoteKey> witnesses, int quorum) {
    public WitnessPolicy {
        witnesses = List.copyOf(witnesses);
        for (NoteKey witness : witnesses) {
            if (witness.type() != KeyType.COSIGNATURE_V1) {
                throw new IllegalArgumentException(
                        "the key of witness " + witness.name() + " does not cosign: it is of type " + witness.type());
            }
        }
        // A cosignature does not hold the name of its witness: under two names one key would count twice.
        if (witnesses.stream().map(NoteKey::key).distinct().count() < witnesses.size()) {
            throw new IllegalArgumentException("two witnesses have the same key");
        }
        if (witnesses.stream().map(NoteKey::name).distinct().count() < witnesses.size()) {
            throw new IllegalArgumentException("two witnesses have the same name");
        }
        if (quorum < 0 || quorum > witnesses.size()) {
            throw new IllegalArgumentException(
                    "of " + witnesses.size() + " witnesses not " + quorum + " can be asked to cosign");
        }
    }

    /** Who of these witnesses has cosigned it; false and foreign signatures count for nothing. */
    public List<Cosigner> cosigners(SignedNote checkpoint) {
        return witnesses.stream()
                .flatMap(witness -> cosigner(witness, checkpoint).stream())
                .toList();
    }

    public boolean isSatisfiedBy(SignedNote checkpoint) {
        return isCheckpoint(checkpoint) && cosigners(checkpoint).size() >= quorum;
    }

    /** @throws InvalidNoteException naming the witnesses whose cosignatures are missing */
    public void verify(SignedNote checkpoint) throws InvalidNoteException {
        if (!isCheckpoint(checkpoint)) {
            throw new InvalidNoteException("the note is not of a checkpoint");
        }
        List<NoteKey> found =
                cosigners(checkpoint).stream().map(Cosigner::witness).toList();
        if (found.size() < quorum) {
            throw new InvalidNoteException(found.size() + " of " + quorum + " witnesses have cosigned it, not "
                    + witnesses.stream()
                            .filter(witness -> !found.contains(witness))
                            .map(NoteKey::name)
                            .collect(Collectors.joining(", ")));
        }
    }

    private static Optional<Cosigner> cosigner(NoteKey witness, SignedNote checkpoint) {
        try {
            Optional<NoteSignature> signature = checkpoint.signatureBy(witness);
            return signature.map(own -> new Cosigner(witness, Cosignature.time(own)));
        } catch (InvalidNoteException | IllegalArgumentException e) {
            return Optional.empty(); // one that lies does not spoil what the others say
        }
    }

    private static boolean isCheckpoint(SignedNote note) {
        try {
            return !Checkpoint.parse(note.text()).origin().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
