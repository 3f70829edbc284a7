package io.palimpsest.ledger.witness;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a log asks of a witness, the body of {@code POST <prefix>/add-checkpoint} (C2SP tlog-witness): {@code old <size>}, a line
 * of Base64 for each hash of the proof, an empty line, and the signed checkpoint; each line ends with a newline.
 *
 * @param oldSize of the tree that the witness has cosigned last; 0: none
 * @param proof that the tree of {@code oldSize} is the beginning of the checkpoint's, at most 63 hashes
 * @param note of a checkpoint
 */
public record AddCheckpoint(long oldSize, List<Hash> proof, SignedNote note) {
    /** As the specification has it: a tree of a {@code long} of leaves is no higher. */
    static final int MAX_PROOF = 63;

    private static final Pattern OLD = Pattern.compile("old (0|[1-9]\\d{0,18})");

    /** @throws IllegalArgumentException with the reason */
    public AddCheckpoint {
        proof = List.copyOf(proof);
        if (oldSize < 0) {
            throw new IllegalArgumentException("a log has no " + oldSize + " entries");
        }
        if (proof.size() > MAX_PROOF) {
            throw new IllegalArgumentException("a proof has at most " + MAX_PROOF + " hashes, not " + proof.size());
        }
        Checkpoint unused = Checkpoint.parse(note.text());
    }

    Checkpoint checkpoint() {
        return Checkpoint.parse(note.text());
    }

    byte[] bytes() {
        StringBuilder head = new StringBuilder("old " + oldSize + "\n");
        proof.forEach(hash -> head.append(hash.base64()).append('\n'));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(head.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(note.bytes());
        return body.toByteArray();
    }

    /** @throws IllegalArgumentException with the reason, when this is not such a body */
    static AddCheckpoint parse(byte[] body) {
        int end = endOfHead(body);
        List<String> head = List.of(new String(body, 0, end, StandardCharsets.ISO_8859_1).split("\n", -1));
        Matcher old = OLD.matcher(head.getFirst());
        if (!old.matches()) {
            throw new IllegalArgumentException("the first line is: old, a space, and a size in decimal");
        }
        List<String> proof = head.subList(1, head.size());
        if (proof.size() > MAX_PROOF) {
            throw new IllegalArgumentException("a proof has at most " + MAX_PROOF + " hashes, not " + proof.size());
        }
        return new AddCheckpoint(
                Long.parseLong(old.group(1)),
                proof.stream().map(Hash::ofBase64).toList(),
                note(Arrays.copyOfRange(body, end + 2, body.length)));
    }

    private static SignedNote note(byte[] bytes) {
        try {
            return SignedNote.parse(bytes);
        } catch (InvalidNoteException e) {
            throw new IllegalArgumentException("after the empty line there is no signed note", e);
        }
    }

    /** Where the first of two newlines is. */
    private static int endOfHead(byte[] body) {
        for (int i = 0; i + 1 < body.length; i++) {
            if (body[i] == '\n' && body[i + 1] == '\n') {
                return i;
            }
        }
        throw new IllegalArgumentException("there is no empty line before the checkpoint");
    }
}
