package io.palimpsest.ledger.log;

import io.palimpsest.verifier.merkle.ConsistencyProof;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InclusionProof;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** With entries and proofs that somebody holds, or with the log so that they no longer are of it. */
enum ProofTampering implements Tampering {
    HASH_OF_AN_INCLUSION_CHANGED(inclusion(path -> {
        path.set(3, Hash.leaf(new byte[0]));
        return path;
    })),
    HASHES_OF_AN_INCLUSION_SWAPPED(inclusion(path -> {
        Collections.swap(path, 1, 2);
        return path;
    })),
    INCLUSION_SHORTENED(inclusion(path -> path.subList(0, path.size() - 1))),
    INCLUSION_SHORTENED_AT_THE_LEAF(inclusion(path -> path.subList(1, path.size()))),
    INCLUSION_LENGTHENED(inclusion(path -> {
        path.add(Hash.leaf(new byte[0]));
        return path;
    })),
    INCLUSION_WITHOUT_A_PATH(inclusion(path -> List.of())),
    INCLUSION_OF_ANOTHER_LEAF(forger ->
            held(forger, proof -> new InclusionProof(proof.leafIndex() ^ 1, proof.treeSize(), proof.path()))),
    INCLUSION_OF_A_LEAF_BEYOND_THE_TREE(
            forger -> held(forger, proof -> new InclusionProof(proof.treeSize(), proof.treeSize(), proof.path()))),
    INCLUSION_OF_A_NEGATIVE_LEAF(
            forger -> held(forger, proof -> new InclusionProof(-1, proof.treeSize(), proof.path()))),
    INCLUSION_IN_ANOTHER_TREE(
            forger -> held(forger, proof -> new InclusionProof(proof.leafIndex(), 66_000, proof.path()))),
    INCLUSION_IN_A_TREE_OF_NO_CHECKPOINT(
            forger -> held(forger, proof -> new InclusionProof(proof.leafIndex(), 69_999, proof.path()))),
    INCLUSION_OF_ANOTHER_ENTRY(forger -> {
        Evidence.Inclusion held = forger.evidence().inclusions.get(0);
        forger.evidence().inclusions.set(0, new Evidence.Inclusion(held.proof(), Records.later(held.entry())));
    }),
    /** Were leaves and nodes hashed alike, the two hashes of a node would pass for an entry (RFC 6962 §2.1). */
    INCLUSION_OF_A_NODE_AS_AN_ENTRY(forger -> {
        Evidence.Inclusion held = forger.evidence().inclusions.get(0);
        List<Hash> path = held.proof().path();
        byte[] node = new byte[2 * Hash.SIZE];
        path.get(0).copyTo(node, 0);
        Hash.leaf(held.entry()).copyTo(node, Hash.SIZE);
        forger.evidence()
                .inclusions
                .set(
                        0,
                        new Evidence.Inclusion(
                                new InclusionProof(
                                        held.proof().leafIndex() / 2,
                                        held.proof().treeSize(),
                                        path.subList(1, path.size())),
                                node));
    }),
    ENTRY_THAT_NEVER_WAS(forger -> forger.evidence().entries.put(5L, Records.later(Records.event(5)))),
    ENTRY_AT_ANOTHER_PLACE(forger -> forger.evidence().entries.put(6L, Records.event(5))),
    ENTRY_BEYOND_THE_LOG(forger -> forger.evidence().entries.put(70_000L, Records.event(70_000))),
    /** No checkpoint was seen since: only who holds the entry or its proof can tell. */
    ENTRY_REWRITTEN_SINCE_THE_LAST_ONE_SEEN(forger -> {
        forger.rewrite(69_990, 2);
        forger.sign(forger.checkpoint(70_000));
    }),

    HASH_OF_A_CONSISTENCY_CHANGED(consistency(path -> {
        path.set(0, Hash.leaf(new byte[0]));
        return path;
    })),
    CONSISTENCY_SHORTENED(consistency(path -> path.subList(0, path.size() - 1))),
    CONSISTENCY_LENGTHENED(consistency(path -> {
        path.add(Hash.leaf(new byte[0]));
        return path;
    })),
    CONSISTENCY_WITHOUT_A_PATH(consistency(path -> List.of())),
    CONSISTENCY_OF_OTHER_TREES(
            forger -> between(forger, proof -> new ConsistencyProof(66_000, proof.to(), proof.path()))),
    CONSISTENCY_TURNED_ROUND(
            forger -> between(forger, proof -> new ConsistencyProof(proof.to(), proof.from(), proof.path())));

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that keep nothing
    private final Consumer<Forger> deed;

    ProofTampering(Consumer<Forger> deed) {
        this.deed = deed;
    }

    @Override
    public Finding foundIn() {
        return Finding.PROOF;
    }

    @Override
    public void by(Forger forger) {
        deed.accept(forger);
    }

    private static Consumer<Forger> inclusion(UnaryOperator<List<Hash>> change) {
        return forger -> held(
                forger,
                proof -> new InclusionProof(
                        proof.leafIndex(), proof.treeSize(), change.apply(new ArrayList<>(proof.path()))));
    }

    private static Consumer<Forger> consistency(UnaryOperator<List<Hash>> change) {
        return forger -> between(
                forger,
                proof -> new ConsistencyProof(proof.from(), proof.to(), change.apply(new ArrayList<>(proof.path()))));
    }

    private static void held(Forger forger, UnaryOperator<InclusionProof> change) {
        List<Evidence.Inclusion> all = forger.evidence().inclusions;
        all.set(
                0,
                new Evidence.Inclusion(
                        change.apply(all.get(0).proof()), all.get(0).entry()));
    }

    private static void between(Forger forger, UnaryOperator<ConsistencyProof> change) {
        List<ConsistencyProof> all = forger.evidence().consistencies;
        all.set(0, change.apply(all.get(0)));
    }
}
