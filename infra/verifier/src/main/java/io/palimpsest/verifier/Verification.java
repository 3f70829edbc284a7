package io.palimpsest.verifier;

import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.LogProof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The outcome of a check, for people.
 *
 * @param lines what was found, or why it does not hold
 */
public record Verification(boolean holds, List<String> lines) {
    /** More is no file of proof. */
    private static final long LONGEST = 1 << 20;

    public Verification {
        lines = List.copyOf(lines);
    }

    /**
     * Of a {@code .tlog-proof}: that its entry is in the log that the keys are of.
     *
     * @param keys verifier keys of one log, or files that hold one; at least one
     * @throws IOException when a file cannot be read
     */
    public static Verification of(Path file, List<String> keys) throws IOException {
        if (Files.size(file) > LONGEST) {
            return failed("the file is longer than a proof can be");
        }
        List<NoteKey> trusted = new ArrayList<>();
        try {
            for (String key : keys) {
                trusted.add(NoteKey.parse(text(key)));
            }
        } catch (IllegalArgumentException e) {
            return failed("the key cannot be used: " + e.getMessage());
        }
        String origin = trusted.get(0).name();
        try {
            LogProof proof = LogProof.parse(Files.readAllBytes(file));
            Checkpoint checkpoint = proof.verify(origin, trusted);
            return new Verification(
                    true,
                    List.of(
                            "It holds: entry " + proof.index() + " is in the log " + origin + ",",
                            "under a signed checkpoint of " + checkpoint.treeSize() + " entries with the root "
                                    + checkpoint.rootHash().base64() + ".",
                            "",
                            new String(proof.entryBytes(), StandardCharsets.UTF_8),
                            "",
                            "This does not say that what the entry states is true, nor that the log shows everybody the same:",
                            "compare the checkpoint with one that somebody else was given."));
        } catch (InvalidNoteException | InvalidProofException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private static Verification failed(String why) {
        return new Verification(false, List.of("It does not hold: " + why));
    }

    private static String text(String key) throws IOException {
        try {
            return !key.contains("+") && Files.isRegularFile(Path.of(key)) ? Files.readString(Path.of(key)) : key;
        } catch (InvalidPathException e) {
            return key;
        }
    }
}
