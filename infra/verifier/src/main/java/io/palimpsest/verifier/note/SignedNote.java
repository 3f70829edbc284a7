package io.palimpsest.verifier.note;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A text and signatures of it (C2SP signed-note): the text, an empty line, and a line for each signature.
 *
 * @param text ends with a newline, has no other control characters
 * @param signatures in the order of their lines
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
    /** As Go's {@code note.Open}: more is not looked at. */
    private static final int MAX_SIGNATURES = 100;

    private static final int MAX_BYTES = 1_000_000;

    public SignedNote {
        signatures = List.copyOf(signatures);
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("a note ends with a newline");
        }
        if (text.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
            throw new IllegalArgumentException("a note has no control characters but newlines");
        }
    }

    /** @throws InvalidNoteException with the reason */
    public static SignedNote parse(byte[] bytes) throws InvalidNoteException {
        if (bytes.length > MAX_BYTES) {
            throw new InvalidNoteException("a note has at most " + MAX_BYTES + " bytes");
        }
        String note = utf8(bytes);
        int split = note.lastIndexOf("\n\n");
        if (split < 0 || !note.endsWith("\n")) {
            throw new InvalidNoteException("a note ends with an empty line and signatures, each with its newline");
        }
        List<String> lines =
                List.of(note.substring(split + 2).split("\n")); // String.lines() would end a line at \r as well
        if (lines.size() > MAX_SIGNATURES) {
            throw new InvalidNoteException("a note has 1 to " + MAX_SIGNATURES + " signatures");
        }
        try {
            return new SignedNote(
                    note.substring(0, split + 1),
                    lines.stream().map(NoteSignature::parse).toList());
        } catch (IllegalArgumentException e) {
            throw new InvalidNoteException(e.getMessage() == null ? "not a note" : e.getMessage());
        }
    }

    public byte[] bytes() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()).append('\n'));
        return note.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** With more signatures, those that it has already left out. */
    public SignedNote with(Collection<NoteSignature> more) {
        Set<NoteSignature> all = new LinkedHashSet<>(signatures);
        all.addAll(more);
        return new SignedNote(text, List.copyOf(all));
    }

    /**
     * Which of these keys have signed it; signatures by others say nothing.
     *
     * @throws InvalidNoteException when a signature says that it is of one of these keys, and is not
     */
    public List<NoteKey> verified(Collection<NoteKey> keys) throws InvalidNoteException {
        List<NoteKey> signers = new ArrayList<>();
        for (NoteKey key : keys) {
            if (signatureBy(key).isPresent() && !signers.contains(key)) {
                signers.add(key);
            }
        }
        return signers;
    }

    /**
     * The first signature of it by this key, where there is one.
     *
     * @throws InvalidNoteException when a signature says that it is of this key, and is not
     */
    public Optional<NoteSignature> signatureBy(NoteKey key) throws InvalidNoteException {
        List<NoteSignature> own =
                signatures.stream().filter(each -> each.isBy(key)).toList();
        for (NoteSignature signature : own) {
            if (!key.verifies(text, signature.bytes())) {
                throw new InvalidNoteException("the signature by " + key.name() + " is not of this text");
            }
        }
        return own.stream().findFirst();
    }

    private static String utf8(byte[] bytes) throws InvalidNoteException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidNoteException("a note is UTF-8 text");
        }
    }
}
