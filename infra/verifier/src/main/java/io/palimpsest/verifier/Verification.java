package io.palimpsest.verifier;

import io.palimpsest.verifier.audit.LogAudit;
import io.palimpsest.verifier.audit.LogPlace;
import io.palimpsest.verifier.erasure.ErasureCertificate;
import io.palimpsest.verifier.manifest.ManifestCheck;
import io.palimpsest.verifier.manifest.PassageProof;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.pack.EvidencePack;
import io.palimpsest.verifier.receipt.ReceiptFile;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.LogProof;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * The outcome of a check, for people.
 *
 * @param lines what was found, or why it does not hold
 */
public record Verification(boolean holds, List<String> lines) {
    /** More is no file of proof. */
    private static final int LONGEST_PROOF = 1 << 20;

    /** Longer than the first line of any. */
    private static final int LONGEST_FORMAT = 64;

    /** How a zip begins. */
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    private static final List<String> LIMITS = List.of(
            "",
            "This does not say that what entries state is true, nor that the log shows everybody the same:",
            "compare the checkpoint with one that somebody else was given.");

    public Verification {
        lines = List.copyOf(lines);
    }

    /**
     * Of a {@code .tlog-proof}, of an evidence pack, of a receipt, or of the certificate of an erasure: that its entries are in the
     * log that the keys are of. Of a {@link PassageProof}: that it shows what it claims. Of the leaves of a manifest, with {@code
     * FILE.tlog-proof} beside them: that they are in order, and those of the log.
     *
     * @param keys verifier keys of one log, or files that hold one; at least one
     * @throws IOException when a file cannot be read
     */
    public static Verification of(Path file, List<String> keys) throws IOException {
        List<NoteKey> trusted;
        try {
            trusted = trusted(keys);
        } catch (IllegalArgumentException e) {
            return failed("the key cannot be used: " + e.getMessage());
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            in.mark(ZIP.length);
            boolean isPack = Arrays.equals(in.readNBytes(ZIP.length), ZIP);
            in.reset();
            in.mark(LONGEST_FORMAT);
            String begin = new String(in.readNBytes(LONGEST_FORMAT), StandardCharsets.UTF_8);
            in.reset();
            if (begin.startsWith(PassageProof.FORMAT)) {
                return PassageVerdict.of(in.readNBytes(LONGEST_PROOF), trusted, LIMITS);
            }
            if (begin.startsWith(ManifestCheck.FORMAT)) {
                return PassageVerdict.ofLeaves(file, trusted, LIMITS);
            }
            if (isPack) {
                return ofPack(EvidencePack.read(in), trusted);
            }
            if (Files.size(file) > LONGEST_PROOF) {
                return failed("the file is longer than a proof can be, and is no evidence pack");
            }
            byte[] bytes = in.readAllBytes();
            if (ErasureCertificate.isMeant(bytes)) {
                return ofCertificate(ErasureCertificate.parse(bytes), trusted);
            }
            return ReceiptFile.is(bytes)
                    ? ofReceipt(ReceiptFile.parse(bytes), trusted)
                    : ofProof(LogProof.parse(bytes), trusted);
        } catch (InvalidNoteException | InvalidProofException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Of a whole log: that its entries are those of its newest checkpoint, and continue each checkpoint that was kept.
     *
     * @param place a directory, or the prefix of an HTTP server
     * @param keys as for a file
     * @param earlier files with checkpoints of this log
     * @param progress told how many entries are read, now and then
     * @throws IOException when the log, or a file, cannot be read
     */
    public static Verification ofLog(String place, List<String> keys, List<Path> earlier, LongConsumer progress)
            throws IOException {
        List<NoteKey> trusted;
        try {
            trusted = trusted(keys);
        } catch (IllegalArgumentException e) {
            return failed("the key cannot be used: " + e.getMessage());
        }
        String origin = trusted.get(0).name();
        try {
            List<SignedNote> notes = new ArrayList<>();
            for (Path file : earlier) {
                notes.add(SignedNote.parse(Files.readAllBytes(file)));
            }
            Checkpoint newest = new LogAudit(LogPlace.of(place), origin, trusted).run(notes, progress);
            List<String> lines = new ArrayList<>();
            lines.add("It holds: all " + newest.treeSize() + " entries of the log " + origin
                    + " are those of its newest checkpoint,");
            lines.add("with the root " + newest.rootHash().base64() + ",");
            lines.add(
                    notes.isEmpty()
                            ? "and no earlier checkpoint was given: that its history is the one of yesterday is not shown."
                            : "and continue each of " + notes.size() + " earlier checkpoint(s).");
            lines.addAll(LIMITS);
            return new Verification(true, lines);
        } catch (InvalidNoteException | InvalidProofException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private static List<NoteKey> trusted(List<String> keys) throws IOException {
        List<NoteKey> trusted = new ArrayList<>();
        for (String key : keys) {
            trusted.add(NoteKey.parse(text(key)));
        }
        return trusted;
    }

    private static Verification ofProof(LogProof proof, List<NoteKey> keys)
            throws InvalidNoteException, InvalidProofException {
        String origin = keys.get(0).name();
        Checkpoint checkpoint = proof.verify(origin, keys);
        List<String> lines = new ArrayList<>();
        lines.add("It holds: entry " + proof.index() + " is in the log " + origin + ",");
        lines.add(under(checkpoint));
        lines.add("");
        lines.add(new String(proof.entryBytes(), StandardCharsets.UTF_8));
        lines.addAll(LIMITS);
        return new Verification(true, lines);
    }

    private static Verification ofReceipt(ReceiptFile file, List<NoteKey> keys)
            throws InvalidNoteException, InvalidProofException {
        String origin = keys.get(0).name();
        Checkpoint checkpoint = file.verify(origin, keys);
        List<String> lines = new ArrayList<>();
        lines.add("It holds: this is the receipt that entry " + file.proof().index() + " of the log " + origin
                + " stands for,");
        lines.add(under(checkpoint));
        file.opened().forEach(opened -> lines.add("Its " + opened.what() + " is shown to be: " + opened.text()));
        lines.add("");
        lines.add(file.receipt());
        lines.add("");
        lines.add(new String(file.proof().entryBytes(), StandardCharsets.UTF_8));
        lines.addAll(LIMITS);
        return new Verification(true, lines);
    }

    private static Verification ofCertificate(ErasureCertificate certificate, List<NoteKey> keys)
            throws InvalidNoteException, InvalidProofException {
        String origin = keys.get(0).name();
        Checkpoint checkpoint = certificate.verify(origin, keys);
        List<String> lines = new ArrayList<>();
        lines.add("It holds: this certificate of an erasure is the one of entry "
                + certificate.proof().index() + " of the log " + origin + ",");
        lines.add(under(checkpoint));
        lines.add("");
        lines.add(certificate.body());
        lines.addAll(LIMITS);
        return new Verification(true, lines);
    }

    /**
     * Of the certificate of an erasure: as {@link #of}, and that it is about a document.
     *
     * @param document in full: tenant/collection/id
     * @param nonce hex, as whoever asked for the erasure was given it
     * @throws IOException when a file cannot be read
     */
    public static Verification ofErasure(Path file, String document, String nonce, List<String> keys)
            throws IOException {
        Verification holds = of(file, keys);
        if (!holds.holds()) {
            return holds;
        }
        try {
            return ErasureCertificate.parse(Files.readAllBytes(file)).isAbout(document, nonce)
                    ? new Verification(
                            true,
                            Stream.concat(
                                            Stream.of("It is about the document " + document + "."),
                                            holds.lines().stream())
                                    .toList())
                    : failed("it is about another document, or the nonce is of another erasure");
        } catch (InvalidNoteException | IllegalArgumentException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private static Verification ofPack(EvidencePack pack, List<NoteKey> keys)
            throws InvalidNoteException, InvalidProofException {
        String origin = keys.get(0).name();
        Checkpoint checkpoint = pack.verify(origin, keys);
        long first = pack.proof().first();
        List<String> lines = new ArrayList<>();
        lines.add("It holds: entries " + first + " to " + (first + pack.proof().count() - 1) + " are in the log "
                + origin + ", all of them and in this order,");
        lines.add(under(checkpoint));
        pack.openings()
                .forEach(
                        opening -> lines.add("  " + pack.mentions(opening) + " of them speak of " + opening.meaning()));
        lines.add("The reports in the pack are for reading: what is proven stands in its file entries.");
        lines.addAll(LIMITS);
        return new Verification(true, lines);
    }

    private static String under(Checkpoint checkpoint) {
        return "under a signed checkpoint of " + checkpoint.treeSize() + " entries with the root "
                + checkpoint.rootHash().base64() + ".";
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
