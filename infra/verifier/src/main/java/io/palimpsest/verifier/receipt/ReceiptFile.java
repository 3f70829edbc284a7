package io.palimpsest.verifier.receipt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.entry.Commitment;
import io.palimpsest.verifier.entry.LogEntry;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.LogProof;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A receipt and all that proves it, as text, each line with its newline:
 *
 * <ul>
 *   <li>{@code palimpsest-receipt/1}
 *   <li>{@code receipt}, and the receipt (canonical JSON, UTF-8) in Base64
 *   <li>{@code salt}, and that of its commitment in hex
 *   <li>for each thing that is opened: {@code query} or {@code caller}, a salt in hex, the text in Base64
 *   <li>an empty line, and the proof of the entry that stands for it ({@link LogProof})
 * </ul>
 *
 * @param receipt canonical JSON
 * @param salt hex
 */
public record ReceiptFile(String receipt, String salt, List<Opened> opened, LogProof proof) {
    private static final String FORMAT = "palimpsest-receipt/1";
    private static final String RECEIPT = "receipt ";
    private static final String SALT = "salt ";

    public ReceiptFile {
        opened = List.copyOf(opened);
    }

    /** Whether it says that it is one. */
    public static boolean is(byte[] bytes) {
        byte[] start = (FORMAT + "\n").getBytes(UTF_8);
        return bytes.length >= start.length && Arrays.equals(Arrays.copyOf(bytes, start.length), start);
    }

    public byte[] bytes() {
        StringBuilder head = new StringBuilder(FORMAT + "\n");
        head.append(RECEIPT).append(Base64.getEncoder().encodeToString(receipt.getBytes(UTF_8)));
        head.append('\n').append(SALT).append(salt).append('\n');
        opened.forEach(each -> head.append(each.line()).append('\n'));
        return (head.append('\n') + new String(proof.bytes(), UTF_8)).getBytes(UTF_8);
    }

    /** @throws InvalidNoteException with the reason, when this is not such a file, to the byte */
    public static ReceiptFile parse(byte[] bytes) throws InvalidNoteException {
        String text = new String(bytes, UTF_8);
        int end = text.indexOf("\n\n");
        List<String> lines = List.of((end < 0 ? text : text.substring(0, end)).split("\n", -1));
        if (end < 0
                || lines.size() < 3
                || !lines.get(0).equals(FORMAT)
                || !lines.get(1).startsWith(RECEIPT)
                || !lines.get(2).startsWith(SALT)) {
            throw new InvalidNoteException("a receipt begins with " + FORMAT + ", receipt and salt");
        }
        try {
            ReceiptFile file = new ReceiptFile(
                    new String(Base64.getDecoder().decode(lines.get(1).substring(RECEIPT.length())), UTF_8),
                    lines.get(2).substring(SALT.length()),
                    lines.subList(3, lines.size()).stream().map(Opened::parse).toList(),
                    LogProof.parse(text.substring(end + 2).getBytes(UTF_8)));
            String entry = Base64.getEncoder().encodeToString(file.proof().entryBytes());
            if (!entry.equals(file.proof().entry()) || !Arrays.equals(file.bytes(), bytes)) {
                throw new InvalidNoteException("the file was not written like this");
            }
            return file;
        } catch (IllegalArgumentException e) {
            throw new InvalidNoteException("a line of the receipt is not what it must be: " + e.getMessage());
        }
    }

    /**
     * That one of the keys has signed a checkpoint of this log that covers the entry that stands for this receipt, and that
     * what is opened is what the receipt commits to.
     *
     * @return the checkpoint
     */
    public Checkpoint verify(String origin, Collection<NoteKey> keys)
            throws InvalidNoteException, InvalidProofException {
        Checkpoint checkpoint = proof.verify(origin, keys);
        try {
            LogEntry entry = LogEntry.parse(proof.entryBytes());
            String stands = Commitment.receipt(Opened.salt(salt), receipt).hex();
            if (!entry.member("type").equals(Optional.of("QUERY_SERVED"))
                    || !entry.member("facts.receipt").equals(Optional.of(stands))) {
                throw new InvalidProofException("entry " + proof.index() + " of the log stands for another receipt");
            }
            LogEntry members = LogEntry.parse(receipt.getBytes(UTF_8));
            for (Opened each : opened) {
                if (!members.member(each.what().member())
                        .equals(Optional.of(each.commitment().hex()))) {
                    throw new InvalidProofException("the receipt is of another " + each.what());
                }
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidNoteException(
                    "the receipt, its entry or a salt is not what it must be: " + e.getMessage());
        }
        return checkpoint;
    }
}
