package io.palimpsest.verifier.tlog;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InclusionProof;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * An entry and all that proves it, as the text of C2SP tlog-proof: {@code extra} is the entry itself.
 *
 * @param entry in Base64
 * @param path from the leaf's sibling to a child of the root
 * @param note signed checkpoint
 */
public record LogProof(String entry, long index, List<Hash> path, SignedNote note) {
    private static final String FORMAT = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";

    public LogProof {
        path = List.copyOf(path);
    }

    public static LogProof of(byte[] entry, InclusionProof inclusion, SignedNote note) {
        return new LogProof(Base64.getEncoder().encodeToString(entry), inclusion.leafIndex(), inclusion.path(), note);
    }

    public byte[] bytes() {
        Stream<String> lines = Stream.concat(
                Stream.of(FORMAT, EXTRA + entry, INDEX + index), path.stream().map(Hash::base64));
        return (String.join("\n", lines.toList()) + "\n\n" + new String(note.bytes(), StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** @throws InvalidNoteException with the reason, when this is not the text of a proof */
    public static LogProof parse(byte[] bytes) throws InvalidNoteException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf("\n\n");
        if (end < 0) {
            throw new InvalidNoteException("a proof has an empty line before its checkpoint");
        }
        List<String> lines = List.of(text.substring(0, end).split("\n", -1));
        if (lines.size() < 3
                || !lines.get(0).equals(FORMAT)
                || !lines.get(1).startsWith(EXTRA)
                || !lines.get(2).startsWith(INDEX)) {
            throw new InvalidNoteException("a proof begins with " + FORMAT + ", extra and index");
        }
        try {
            List<Hash> path = new ArrayList<>();
            lines.subList(3, lines.size()).forEach(line -> path.add(Hash.ofBase64(line)));
            return new LogProof(
                    lines.get(1).substring(EXTRA.length()),
                    Long.parseLong(lines.get(2).substring(INDEX.length())),
                    path,
                    SignedNote.parse(text.substring(end + 2).getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new InvalidNoteException("a line of the proof is not what it must be: " + e.getMessage());
        }
    }

    /** As it was hashed. */
    public byte[] entryBytes() {
        return Base64.getDecoder().decode(entry);
    }

    /**
     * That one of the keys has signed a checkpoint of this log that covers the entry.
     *
     * @return the checkpoint
     */
    public Checkpoint verify(String origin, Collection<NoteKey> keys)
            throws InvalidNoteException, InvalidProofException {
        Checkpoint checkpoint = Checkpoint.open(note, origin, keys);
        byte[] leaf;
        try {
            leaf = entryBytes();
        } catch (IllegalArgumentException e) {
            throw new InvalidNoteException(String.valueOf(e.getMessage()));
        }
        new InclusionProof(index, checkpoint.treeSize(), path).verify(Hash.leaf(leaf), checkpoint.rootHash());
        return checkpoint;
    }
}
