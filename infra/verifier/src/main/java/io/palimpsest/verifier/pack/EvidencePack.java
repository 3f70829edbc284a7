package io.palimpsest.verifier.pack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.merkle.RangeProof;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.EntryBundle;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A zip of consecutive entries of a log and all that proves them:
 *
 * <ul>
 *   <li>{@code range}: {@code palimpsest-evidence/1}, index of the first entry and their number, a line each; then the hashes of the
 *       {@link RangeProof} in Base64, a line each
 *   <li>{@code entries}: as {@link EntryBundle} writes them
 *   <li>{@code checkpoint}: a signed note
 *   <li>{@code openings}: a line for each {@link Opening}; nobody needs them to verify the entries
 *   <li>{@code keys}, {@code report.html}, {@code report.json}: for reading; nothing is proven by them
 * </ul>
 *
 * @param entries in their order, at least one
 * @param proof that they are in the tree of the checkpoint
 */
public record EvidencePack(List<byte[]> entries, RangeProof proof, SignedNote checkpoint, List<Opening> openings) {
    private static final String FORMAT = "palimpsest-evidence/1";
    /** Of one file in the zip, unpacked: more than a million entries. */
    private static final int LONGEST = 1 << 29;

    public EvidencePack {
        entries = List.copyOf(entries);
        openings = List.copyOf(openings);
    }

    /** @param more files for reading, by name */
    public void write(OutputStream out, Map<String, byte[]> more) throws IOException {
        StringBuilder range = new StringBuilder(FORMAT + "\n" + proof.first() + "\n" + proof.count() + "\n");
        proof.outside().forEach(hash -> range.append(hash.base64()).append('\n'));
        StringBuilder opened = new StringBuilder();
        openings.forEach(opening -> opened.append(opening.line()).append('\n'));
        Map<String, byte[]> files = new LinkedHashMap<>(more);
        files.put("range", range.toString().getBytes(UTF_8));
        files.put("checkpoint", checkpoint.bytes());
        files.put("openings", opened.toString().getBytes(UTF_8));
        files.put("entries", EntryBundle.encode(entries));
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
    }

    /**
     * @throws InvalidNoteException with the reason, when this is not a pack
     * @throws IOException when it cannot be read
     */
    public static EvidencePack read(InputStream in) throws IOException, InvalidNoteException {
        Map<String, byte[]> files = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                byte[] bytes = zip.readNBytes(LONGEST);
                if (bytes.length == LONGEST || files.put(file.getName(), bytes) != null) {
                    throw new InvalidNoteException(file.getName() + " is too long, or there twice");
                }
            }
        }
        SignedNote checkpoint = SignedNote.parse(file(files, "checkpoint"));
        try {
            List<String> range = lines(file(files, "range"));
            if (range.size() < 3 || !range.get(0).equals(FORMAT)) {
                throw new InvalidNoteException("the range does not begin with " + FORMAT);
            }
            RangeProof proof = new RangeProof(
                    Long.parseLong(range.get(1)),
                    Long.parseLong(range.get(2)),
                    Checkpoint.parse(checkpoint.text()).treeSize(),
                    range.subList(3, range.size()).stream().map(Hash::ofBase64).toList());
            return new EvidencePack(
                    EntryBundle.decode(file(files, "entries")),
                    proof,
                    checkpoint,
                    lines(file(files, "openings")).stream().map(Opening::parse).toList());
        } catch (IllegalArgumentException e) {
            throw new InvalidNoteException("a file of the pack is not what it must be: " + e.getMessage());
        }
    }

    /**
     * That one of the keys has signed a checkpoint of this log that covers the entries.
     *
     * @return the checkpoint
     */
    public Checkpoint verify(String origin, Collection<NoteKey> keys)
            throws InvalidNoteException, InvalidProofException {
        Checkpoint signed = Checkpoint.open(checkpoint, origin, keys);
        if (proof.treeSize() != signed.treeSize()) {
            throw new InvalidProofException("the proof is of another size than the checkpoint");
        }
        proof.verify(entries.stream().map(Hash::leaf).toList(), signed.rootHash());
        return signed;
    }

    /** How many of the entries hold this commitment. */
    public long mentions(Opening opening) {
        String quoted = "\"" + opening.commitment().hex() + "\"";
        return entries.stream()
                .filter(entry -> new String(entry, UTF_8).contains(quoted))
                .count();
    }

    private static byte[] file(Map<String, byte[]> files, String name) throws InvalidNoteException {
        return Optional.ofNullable(files.get(name))
                .orElseThrow(() -> new InvalidNoteException("the pack has no file " + name));
    }

    private static List<String> lines(byte[] file) {
        return new String(file, UTF_8).lines().toList();
    }
}
