package io.palimpsest.verifier.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.entry.Commitment;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.merkle.RangeProof;
import io.palimpsest.verifier.note.InvalidNoteException;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.tlog.Checkpoint;
import io.palimpsest.verifier.tlog.LogProof;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * That a generation had a passage of a document at a moment, or any passage of it, by its leaf in a manifest; or that it had not, by
 * the adjacent leaves between which it would stand: one at either end, none in an empty manifest. The text is written and read by
 * {@link PassageProofText}.
 *
 * @param salt of the commitment to tenant and collection, 32 bytes
 * @param key that documents are placed with
 * @param place proof of the document's place under it
 * @param first index of the first leaf; 0 where there is none
 * @param leaves one where the claim is presence, at most two where it is absence
 * @param path hashes of the {@link RangeProof} of the leaves
 * @param entry of the manifest, and what proves it
 */
public record PassageProof(
        Claim claim,
        Hash salt,
        VrfKey key,
        HexProof place,
        long first,
        List<ManifestLeaf> leaves,
        List<Hash> path,
        LogProof entry) {
    /** The first line. */
    public static final String FORMAT = "palimpsest-passage-proof/1";

    public PassageProof {
        leaves = List.copyOf(leaves);
        path = List.copyOf(path);
    }

    /**
     * What is shown.
     *
     * @param present false: that it was not there
     * @param passage 32 lower-case hex digits; empty: any of the document
     */
    public record Claim(boolean present, String tenant, String collection, String document, String passage) {}

    /** A proof of a {@link VrfKey}, in hex. */
    public record HexProof(String hex) {
        public static HexProof of(byte[] proof) {
            return new HexProof(HexFormat.of().formatHex(proof));
        }

        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }
    }

    /**
     * What a proof shows.
     *
     * @param revision of the document then; empty where nothing of it is seen
     */
    public record Shown(ManifestHead head, Checkpoint checkpoint, Optional<Long> revision) {}

    public byte[] bytes() {
        return PassageProofText.write(this).getBytes(UTF_8);
    }

    /** @throws InvalidNoteException with the reason, when this is not the text of a proof */
    public static PassageProof parse(byte[] bytes) throws InvalidNoteException {
        PassageProof proof = PassageProofText.read(new String(bytes, UTF_8));
        if (!Arrays.equals(proof.bytes(), bytes) || !isCanonical(proof.entry())) {
            throw new InvalidNoteException("the file is not written as proofs are");
        }
        return proof;
    }

    private static boolean isCanonical(LogProof entry) {
        try {
            return Base64.getEncoder().encodeToString(entry.entryBytes()).equals(entry.entry());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** That the claim follows from an entry of this log that one of the keys vouches for. */
    public Shown verify(String origin, Collection<NoteKey> keys) throws InvalidNoteException, InvalidProofException {
        Checkpoint checkpoint = entry.verify(origin, keys);
        ManifestHead head;
        DocumentTags tags;
        try {
            head = ManifestHead.of(entry.entryBytes());
            byte[] input = DocumentTags.input(claim.tenant(), claim.collection(), claim.document());
            tags = new DocumentTags(head.salt(), key.verify(input, place.bytes()));
        } catch (IllegalArgumentException e) {
            throw new InvalidProofException(String.valueOf(e.getMessage()));
        }
        if (!key.fingerprint().equals(head.vrf())) {
            throw new InvalidProofException("the manifest was made with another key");
        }
        if (!Commitment.scope(salt.bytes(), claim.tenant(), claim.collection())
                .hex()
                .equals(head.scope())) {
            throw new InvalidProofException("the manifest is of another collection");
        }
        isInTree(head);
        if (claim.present()) {
            isThere(tags);
        } else {
            isNotThere(tags, head.size());
        }
        return new Shown(
                head,
                checkpoint,
                leaves.stream()
                        .filter(leaf -> leaf.place().equals(tags.place()))
                        .map(leaf -> tags.masked(leaf.maskedRevision()))
                        .findFirst());
    }

    private void isInTree(ManifestHead head) throws InvalidProofException {
        if (!leaves.isEmpty()) {
            new RangeProof(first, leaves.size(), head.size(), path)
                    .verify(leaves.stream().map(ManifestLeaf::hash).toList(), head.root());
        } else if (head.size() != 0 || !head.root().equals(MerkleTree.EMPTY) || first != 0 || !path.isEmpty()) {
            throw new InvalidProofException("a proof without leaves is one of an empty manifest");
        }
    }

    private void isThere(DocumentTags tags) throws InvalidProofException {
        if (leaves.size() != 1 || new LeafOrder(tags, claim.passage()).of(leaves.get(0)) != 0) {
            throw new InvalidProofException("the leaf is not the one of what is claimed to have been there");
        }
    }

    private void isNotThere(DocumentTags tags, long size) throws InvalidProofException {
        LeafOrder order = new LeafOrder(tags, claim.passage());
        boolean holds = switch (leaves.size()) {
            case 0 -> true;
            case 1 -> (first == 0 && order.of(leaves.get(0)) > 0) || (first == size - 1 && order.of(leaves.get(0)) < 0);
            case 2 -> order.of(leaves.get(0)) < 0 && order.of(leaves.get(1)) > 0;
            default -> false;
        };
        if (!holds) {
            throw new InvalidProofException("what is claimed to have been absent does not stand between the leaves");
        }
    }
}
