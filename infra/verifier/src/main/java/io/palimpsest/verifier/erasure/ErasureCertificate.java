package io.palimpsest.verifier.erasure;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.entry.Commitment;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.LogProof;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;

/**
 * What an erasure did, and the proof that the log has its hash: so the log's key has signed it. As text, in this order: the line
 * {@code palimpsest-erasure-certificate@v1}, the line {@code body} with a space and the body in Base64, an empty line, and a C2SP
 * tlog-proof of the entry.
 *
 * @param body JSON in UTF-8; of its members, {@code document} is the commitment that a nonce opens
 */
public record ErasureCertificate(String body, LogProof proof) {
    private static final String FORMAT = "palimpsest-erasure-certificate@v1";
    private static final String BODY = "body ";

    /** Whether a file begins as one does. */
    public static boolean isMeant(byte[] bytes) {
        byte[] format = FORMAT.getBytes(UTF_8);
        return bytes.length >= format.length && Arrays.equals(bytes, 0, format.length, format, 0, format.length);
    }

    public byte[] bytes() {
        return (FORMAT + "\n" + BODY + Base64.getEncoder().encodeToString(body.getBytes(UTF_8)) + "\n\n"
                        + new String(proof.bytes(), UTF_8))
                .getBytes(UTF_8);
    }

    /** @throws InvalidNoteException with the reason, when this is not the text of one */
    public static ErasureCertificate parse(byte[] bytes) throws InvalidNoteException {
        String text = new String(bytes, UTF_8);
        int end = text.indexOf("\n\n");
        String head = FORMAT + "\n" + BODY;
        if (end < 0 || !text.startsWith(head)) {
            throw new InvalidNoteException("a certificate begins with " + FORMAT + " and body");
        }
        try {
            String body = new String(Base64.getDecoder().decode(text.substring(head.length(), end)), UTF_8);
            return new ErasureCertificate(
                    body, LogProof.parse(text.substring(end + 2).getBytes(UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new InvalidNoteException("the body is not Base64: " + e.getMessage());
        }
    }

    /**
     * That one of the keys has signed a checkpoint of this log, which covers an entry that completes an erasure with this certificate.
     *
     * @return the checkpoint
     */
    public Checkpoint verify(String origin, Collection<NoteKey> keys)
            throws InvalidNoteException, InvalidProofException {
        Checkpoint checkpoint = proof.verify(origin, keys);
        // Canonical JSON: within a text every quote is escaped, so these stand where they seem to.
        String entry = new String(proof.entryBytes(), UTF_8);
        if (!entry.contains("\"type\":\"ERASURE_COMPLETED\"")) {
            throw new InvalidProofException("the entry completes no erasure");
        }
        if (!entry.contains("\"certificate\":\"" + sha256(body) + "\"")) {
            throw new InvalidProofException("the entry is of another certificate, or this one was changed");
        }
        return checkpoint;
    }

    /**
     * Whether it is about a document.
     *
     * @param document in full: tenant/collection/id
     * @param nonce hex, as whoever asked for the erasure was given it
     */
    public boolean isAbout(String document, String nonce) {
        int first = document.indexOf('/');
        int second = document.indexOf('/', first + 1);
        if (first < 0 || second < 0) {
            return false;
        }
        String commitment = Commitment.inner(
                        HexFormat.of().parseHex(nonce),
                        document.substring(0, first),
                        document.substring(first + 1, second),
                        document)
                .hex();
        return body.contains("\"document\":\"" + commitment + "\"");
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
