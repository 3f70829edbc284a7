package io.palimpsest.verifier.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class MerkleTreeTest {
    /** Entries and roots that implementations of Certificate Transparency test with. */
    private static final List<String> KNOWN_ENTRIES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    private static final List<String> KNOWN_ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private static final int MOST = 200;

    private final List<Hash> leaves = IntStream.range(0, MOST)
            .mapToObj(i -> Hash.leaf(ByteBuffer.allocate(4).putInt(i).array()))
            .toList();
    private final MerkleTree tree = new MerkleTree(new Leaves(leaves));

    @Test
    void rootsAreThoseOfTheKnownVectors() {
        assertThat(MerkleTree.EMPTY.hex())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        List<Hash> known = KNOWN_ENTRIES.stream()
                .map(entry -> Hash.leaf(HexFormat.of().parseHex(entry)))
                .toList();
        MerkleTree knownTree = new MerkleTree(new Leaves(known));
        for (int size = 1; size <= known.size(); size++) {
            assertThat(knownTree.root(size).hex()).isEqualTo(KNOWN_ROOTS.get(size - 1));
        }
    }

    @Test
    void rootsAreThoseOfTheDefinition() {
        for (int size = 0; size <= MOST; size++) {
            assertThat(tree.root(size)).isEqualTo(Leaves.root(leaves.subList(0, size)));
        }
    }

    @Test
    void everyLeafOfEverySizeIsProven() {
        for (int size = 1; size <= MOST; size++) {
            Hash root = tree.root(size);
            for (int leaf = 0; leaf < size; leaf++) {
                InclusionProof proof = tree.inclusion(leaf, size);
                Hash hash = leaves.get(leaf);
                assertThatCode(() -> proof.verify(hash, root)).doesNotThrowAnyException();
                assertThat(proof.path()).hasSizeLessThanOrEqualTo(8);
            }
        }
    }

    @Test
    void everySizeIsProvenTheBeginningOfEveryLaterOne() {
        for (int to = 0; to <= MOST; to++) {
            Hash toRoot = tree.root(to);
            for (int from = 0; from <= to; from++) {
                ConsistencyProof proof = tree.consistency(from, to);
                Hash fromRoot = tree.root(from);
                assertThatCode(() -> proof.verify(fromRoot, toRoot)).doesNotThrowAnyException();
            }
        }
    }

    @Property
    void aLeafIsProvenNowhereElseAndNoOtherLeafThere(
            @ForAll @IntRange(min = 2, max = MOST) int size,
            @ForAll @IntRange(max = MOST - 1) int leaf,
            @ForAll @IntRange(max = MOST - 1) int other) {
        int at = leaf % size;
        int elsewhere = other % size;
        if (at == elsewhere) {
            return;
        }
        Hash root = tree.root(size);
        List<Hash> path = tree.inclusion(at, size).path();
        refused(() -> new InclusionProof(elsewhere, size, path).verify(leaves.get(at), root));
        refused(() -> new InclusionProof(at, size, path).verify(leaves.get(elsewhere), root));
    }

    @Property
    void noChangedProofIsTaken(
            @ForAll @IntRange(min = 2, max = MOST) int size,
            @ForAll @IntRange(max = MOST - 1) int leaf,
            @ForAll @IntRange(max = 7) int changed) {
        int at = leaf % size;
        Hash root = tree.root(size);
        List<Hash> path = tree.inclusion(at, size).path();
        for (List<Hash> wrong : changes(path, changed)) {
            refused(() -> new InclusionProof(at, size, wrong).verify(leaves.get(at), root));
        }
    }

    @Property
    void noChangedConsistencyIsTaken(
            @ForAll @IntRange(min = 2, max = MOST) int to,
            @ForAll @IntRange(min = 1, max = MOST) int earlier,
            @ForAll @IntRange(max = 7) int changed) {
        int from = 1 + earlier % (to - 1);
        if (from == to) {
            return;
        }
        List<Hash> path = tree.consistency(from, to).path();
        for (List<Hash> wrong : changes(path, changed)) {
            refused(() -> new ConsistencyProof(from, to, wrong).verify(tree.root(from), tree.root(to)));
        }
        refused(() -> new ConsistencyProof(from, to, path).verify(tree.root(from - 1), tree.root(to)));
        refused(() -> new ConsistencyProof(from, to, path).verify(tree.root(from), tree.root(to - 1)));
        refused(() -> new ConsistencyProof(from, to, path).verify(tree.root(to), tree.root(from)));
    }

    @Property
    void consecutiveLeavesAreProvenTogetherAndNoOthers(
            @ForAll @IntRange(min = 1, max = MOST) int size,
            @ForAll @IntRange(max = MOST - 1) int begin,
            @ForAll @IntRange(max = MOST - 1) int length)
            throws InvalidProofException {
        int first = begin % size;
        int count = 1 + length % (size - first);
        RangeProof proof = tree.leaves(first, count, size);
        List<Hash> some = leaves.subList(first, first + count);
        proof.verify(some, tree.root(size));
        assertThat(proof.outside()).hasSizeLessThanOrEqualTo(16);
        List<Hash> swapped = new ArrayList<>(some);
        swapped.set(count / 2, MerkleTree.EMPTY);
        refused(() -> proof.verify(swapped, tree.root(size)));
        refused(() -> proof.verify(some.subList(1, count), tree.root(size)));
        refused(() -> proof.verify(some, MerkleTree.EMPTY));
        for (List<Hash> wrong : changes(proof.outside(), length)) {
            refused(() -> new RangeProof(first, count, size, wrong).verify(some, tree.root(size)));
        }
        if (first + count < size) {
            refused(() -> new RangeProof(first + 1, count, size, proof.outside()).verify(some, tree.root(size)));
        }
    }

    @Test
    void whatIsNotInTheTreeIsNotProven() {
        assertThatThrownBy(() -> tree.inclusion(5, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.consistency(6, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.leaves(4, 2, 5)).isInstanceOf(IllegalArgumentException.class);
        refused(() -> new RangeProof(0, 0, 5, List.of()).verify(List.of(), tree.root(5)));
        refused(() -> new RangeProof(Long.MAX_VALUE, 2, 5, List.of()).verify(leaves.subList(0, 2), tree.root(5)));
        refused(() -> new InclusionProof(5, 5, List.of()).verify(leaves.get(5), tree.root(5)));
        refused(() -> new InclusionProof(-1, 5, List.of()).verify(leaves.get(0), tree.root(5)));
        refused(() -> new ConsistencyProof(6, 5, List.of()).verify(tree.root(6), tree.root(5)));
        refused(() -> new ConsistencyProof(0, 5, List.of()).verify(tree.root(1), tree.root(5)));
        refused(() -> new ConsistencyProof(5, 5, List.of()).verify(tree.root(4), tree.root(5)));
    }

    private static Stream<List<Hash>> with(List<Hash> path, int at) {
        List<Hash> other = new ArrayList<>(path);
        other.set(at, Hash.leaf(path.get(at).bytes()));
        List<Hash> fewer = new ArrayList<>(path);
        fewer.remove(at);
        return Stream.of(other, fewer);
    }

    private static List<List<Hash>> changes(List<Hash> path, int changed) {
        List<Hash> more = new ArrayList<>(path);
        more.add(MerkleTree.EMPTY);
        return path.isEmpty()
                ? List.of(more)
                : Stream.concat(Stream.of(more), with(path, changed % path.size()))
                        .toList();
    }

    private static void refused(Check check) {
        assertThatThrownBy(check::run).isInstanceOf(InvalidProofException.class);
    }

    private interface Check {
        void run() throws InvalidProofException;
    }
}
