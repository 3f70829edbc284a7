package io.palimpsest.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import io.palimpsest.verifier.merkle.ConsistencyProof;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InclusionProof;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What an auditor has in hand: the files of a log, checkpoints seen earlier, entries that must be in it, and proofs that the log
 * has given. A forger may change all of it.
 */
final class Evidence {
    final Path log;
    final List<byte[]> earlier = new ArrayList<>();
    final Map<Long, byte[]> entries = new TreeMap<>();
    final List<Inclusion> inclusions = new ArrayList<>();
    final List<ConsistencyProof> consistencies = new ArrayList<>();

    /** That this entry is in the log. */
    static final class Inclusion {
        private final InclusionProof proof;
        private final byte[] entry;

        Inclusion(InclusionProof proof, byte[] entry) {
            this.proof = proof;
            this.entry = entry;
        }

        InclusionProof proof() {
            return proof;
        }

        byte[] entry() {
            return entry;
        }
    }

    Evidence(Path log) {
        this.log = log;
    }

    /**
     * All proofs of these leaves in trees of these sizes, and between these sizes, as the log makes them.
     *
     * @param sizes of trees; of 0 there is nothing to prove
     */
    void prove(TransparencyLog of, Collection<Long> leaves, Collection<Long> sizes) {
        for (long leaf : leaves) {
            byte[] entry = of.entry(leaf);
            entries.put(leaf, entry);
            sizes.stream()
                    .filter(size -> leaf < size)
                    .forEach(size -> inclusions.add(new Inclusion(of.tree().inclusion(leaf, size), entry)));
        }
        for (long from : sizes) {
            sizes.stream()
                    .filter(to -> 0 < from && from < to)
                    .forEach(to -> consistencies.add(of.tree().consistency(from, to)));
        }
    }

    /** Of the checkpoints seen earlier, whoever signed them. */
    SortedSet<Long> sizes() {
        return earlier.stream().map(note -> parsed(note).treeSize()).collect(toCollection(TreeSet::new));
    }

    /** The newest checkpoint, whoever signed it. */
    Checkpoint head() throws IOException {
        return parsed(Files.readAllBytes(log.resolve("checkpoint")));
    }

    /** The same, with links to the files in another directory: whoever changes one replaces it. */
    Evidence copy(Path to) throws IOException {
        Evidence copy = new Evidence(to);
        for (Path file : files()) {
            Path target = to.resolve(log.relativize(file));
            Files.createDirectories(target.getParent());
            Files.createLink(target, file);
        }
        copy.earlier.addAll(earlier);
        copy.entries.putAll(entries);
        copy.inclusions.addAll(inclusions);
        copy.consistencies.addAll(consistencies);
        return copy;
    }

    /** A line each: {@code <index> <Base64>}. */
    String entryLines() {
        return entries.entrySet().stream()
                .map(entry -> entry.getKey() + " " + base64(entry.getValue()) + "\n")
                .collect(joining());
    }

    /** A line each: {@code inclusion <index> <size> <entry> <hash>…}, {@code consistency <from> <to> <hash>…}, in Base64. */
    String proofLines() {
        return Stream.concat(
                        inclusions.stream()
                                .map(held -> "inclusion " + held.proof().leafIndex() + " "
                                        + held.proof().treeSize() + " " + base64(held.entry())
                                        + path(held.proof().path())),
                        consistencies.stream()
                                .map(proof -> "consistency " + proof.from() + " " + proof.to() + path(proof.path())))
                .map(line -> line + "\n")
                .collect(joining());
    }

    /** Another one when a byte of anything is another. */
    String fingerprint() throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (Path file : files()) {
                sha.update((log.relativize(file) + " " + Files.size(file) + "\n").getBytes(UTF_8));
                sha.update(Files.readAllBytes(file));
            }
            earlier.forEach(sha::update);
            sha.update(entryLines().getBytes(UTF_8));
            return HexFormat.of().formatHex(sha.digest(proofLines().getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Checkpoint parsed(byte[] note) {
        try {
            return Checkpoint.parse(SignedNote.parse(note).text());
        } catch (InvalidNoteException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(log)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock"))
                    .sorted()
                    .toList();
        }
    }

    private static String path(List<Hash> hashes) {
        return hashes.stream().map(hash -> " " + hash.base64()).collect(joining());
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
