package io.palimpsest.verifier;

import io.palimpsest.verifier.manifest.ManifestCheck;
import io.palimpsest.verifier.manifest.ManifestHead;
import io.palimpsest.verifier.manifest.PassageProof;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.LogProof;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
                    "That it is nowhere else in the manifest rests on the order of its leaves: have them, and verify them too");
            lines.add("(palimpsest audit manifest --out FILE; nothing is learned from them).");
        }
        lines.addAll(limits);
        return new Verification(true, lines);
    }

    /** Of the leaves of a manifest, by the proof of its entry beside it. */
    static Verification ofLeaves(Path file, List<NoteKey> keys, List<String> limits)
            throws IOException, InvalidNoteException, InvalidProofException {
        Path beside = file.resolveSibling(file.getFileName() + ".tlog-proof");
        LogProof entry = LogProof.parse(Files.readAllBytes(beside));
        String origin = keys.get(0).name();
        Checkpoint checkpoint = entry.verify(origin, keys);
        ManifestHead head;
        try {
            head = ManifestHead.of(entry.entryBytes());
        } catch (IllegalArgumentException e) {
            return new Verification(false, List.of("It does not hold: " + e.getMessage()));
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            long documents = ManifestCheck.run(in, head);
            List<String> lines = new ArrayList<>();
            lines.add("It holds: these are the " + head.size() + " passages of " + documents
                    + " documents that generation " + head.generation() + " had as of " + head.at() + ",");
            lines.add("each once and in order, by entry " + entry.index() + " of the log " + origin
                    + ", under a signed checkpoint of " + checkpoint.treeSize() + " entries.");
            lines.addAll(limits);
            return new Verification(true, lines);
        }
    }
}
