package io.palimpsest.verifier;

import io.palimpsest.verifier.manifest.PassageProof;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import java.util.ArrayList;
import java.util.List;

/** What a {@link PassageProof} shows, for people. */
final class PassageVerdict {
    private PassageVerdict() {}

    static Verification of(byte[] file, List<NoteKey> keys, List<String> limits)
            throws InvalidNoteException, InvalidProofException {
        PassageProof proof = PassageProof.parse(file);
        String origin = keys.get(0).name();
        PassageProof.Shown shown = proof.verify(origin, keys);
        PassageProof.Claim claim = proof.claim();
        List<String> lines = new ArrayList<>();
        lines.add("It holds: generation " + shown.head().generation() + " of collection " + claim.collection()
                + " of tenant " + claim.tenant() + ", as of " + shown.head().at() + ",");
        lines.add((claim.present() ? "had " : "did not have ")
                + (claim.passage().isEmpty() ? "" : "passage " + claim.passage() + " of ") + "document "
                + claim.document()
                + shown.revision()
                        .map(revision -> " (revision " + revision + ")")
                        .orElse(""));
        lines.add("among its " + shown.head().size() + " passages, by entry "
                + proof.entry().index() + " of the log " + origin + ", under a signed checkpoint of "
                + shown.checkpoint().treeSize() + " entries with the root "
                + shown.checkpoint().rootHash().base64() + ".");
        if (!claim.present()) {
            lines.add(
                    "That it is nowhere else in the manifest rests on the order of its leaves, which a proof of two does not"
                            + " show: palimpsest audit manifest --check does.");
        }
        lines.addAll(limits);
        return new Verification(true, lines);
    }
}
