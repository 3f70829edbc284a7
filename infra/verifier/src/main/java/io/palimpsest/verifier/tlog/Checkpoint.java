package io.palimpsest.verifier.tlog;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.SignedNote;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a log commits itself to at one size: the text of C2SP tlog-checkpoint, a line each: origin, size in decimal, root in
 * Base64, and lines that others may have added.
 *
 * @param origin name of the log, the same for ever
 * @param treeSize number of entries
 * @param extensions not empty lines
 */
public record Checkpoint(String origin, long treeSize, Hash rootHash, List<String> extensions) {
    private static final Pattern SIZE = Pattern.compile("0|[1-9]\\d{0,18}");

    public Checkpoint {
        extensions = List.copyOf(extensions);
        if (origin.isEmpty() || origin.contains("\n")) {
            throw new IllegalArgumentException("an origin is a line, and not empty");
        }
        if (treeSize < 0) {
            throw new IllegalArgumentException("a log has no " + treeSize + " entries");
        }
        if (extensions.stream().anyMatch(line -> line.isEmpty() || line.contains("\n"))) {
            throw new IllegalArgumentException("an extension is a line, and not empty");
        }
    }

    public Checkpoint(String origin, long treeSize, Hash rootHash) {
        this(origin, treeSize, rootHash, List.of());
    }

    /** To be signed: ends with a newline. */
    public String text() {
        StringBuilder text = new StringBuilder(origin + "\n" + treeSize + "\n" + rootHash.base64() + "\n");
        extensions.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /**
     * Of a note that one of the keys has signed.
     *
     * @param origin of the log that the keys are of
     * @throws InvalidNoteException when none has, or the note is no checkpoint of this log
     */
    public static Checkpoint open(SignedNote note, String origin, Collection<NoteKey> keys)
            throws InvalidNoteException {
        if (note.verified(keys).isEmpty()) {
            throw new InvalidNoteException("no key that you trust has signed the checkpoint");
        }
        Checkpoint checkpoint;
        try {
            checkpoint = parse(note.text());
        } catch (IllegalArgumentException e) {
            throw new InvalidNoteException(String.valueOf(e.getMessage()));
        }
        if (!checkpoint.origin().equals(origin)) {
            throw new InvalidNoteException("the checkpoint is of " + checkpoint.origin() + ", not of " + origin);
        }
        return checkpoint;
    }

    /** @throws IllegalArgumentException with the reason, when this is not the text of a checkpoint */
    public static Checkpoint parse(String text) {
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("a checkpoint ends with a newline");
        }
        List<String> lines = List.of(text.substring(0, text.length() - 1).split("\n", -1));
        if (lines.size() < 3) {
            throw new IllegalArgumentException("a checkpoint has at least three lines");
        }
        if (!SIZE.matcher(lines.get(1)).matches()) {
            throw new IllegalArgumentException("the size of a checkpoint is a decimal number");
        }
        return new Checkpoint(
                lines.get(0),
                Long.parseLong(lines.get(1)),
                Hash.ofBase64(lines.get(2)),
                lines.subList(3, lines.size()));
    }
}
