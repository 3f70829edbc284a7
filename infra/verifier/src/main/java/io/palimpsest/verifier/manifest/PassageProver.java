package io.palimpsest.verifier.manifest;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.MerkleTree;
import io.palimpsest.verifier.merkle.RangeProof;
import io.palimpsest.verifier.tlog.LogProof;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Makes proofs out of manifests: of presence where what is asked for is there, of absence where it is not.
 *
 * <p>Threading: safe. Reads {@code O(log size)} leaves.
 */
public final class PassageProver {
    private final VrfSecret secret;

    public PassageProver(VrfSecret secret) {
        this.secret = secret;
    }

    /**
     * A document, or a passage of it.
     *
     * @param passage 32 lower-case hex digits; empty: any
     */
    public record Question(String tenant, String collection, String document, String passage) {}

    /**
     * @param manifestSalt public salt of the manifest
     * @param scopeSalt of the commitment to tenant and collection
     * @param entry of the manifest in the log
     */
    public PassageProof prove(
            Question question, SortedLeaves leaves, Hash manifestSalt, Hash scopeSalt, LogProof entry) {
        byte[] place = secret.prove(DocumentTags.input(question.tenant(), question.collection(), question.document()));
        DocumentTags tags = new DocumentTags(manifestSalt, VrfKey.output(place));
        long size = leaves.size();
        LeafOrder order = new LeafOrder(tags, question.passage());
        long at = first(leaves, order);
        boolean present = at < size && order.of(leaves.leaf(at)) == 0;
        long from = present ? at : Math.max(0, at - 1);
        long to = Math.min(size, at + 1);
        List<ManifestLeaf> shown =
                LongStream.range(from, to).mapToObj(leaves::leaf).toList();
        RangeProof range = shown.isEmpty()
                ? new RangeProof(0, 0, 0, List.of())
                : new MerkleTree(leaves).leaves(from, shown.size(), size);
        return new PassageProof(
                new PassageProof.Claim(
                        present, question.tenant(), question.collection(), question.document(), question.passage()),
                scopeSalt,
                secret.key(),
                PassageProof.HexProof.of(place),
                shown.isEmpty() ? 0 : from,
                shown,
                range.outside(),
                entry);
    }

    /** Index of the first leaf that does not come before it. */
    private static long first(SortedLeaves leaves, LeafOrder order) {
        long low = 0;
        long high = leaves.size();
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (order.of(leaves.leaf(middle)) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
