package io.palimpsest.index.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.verifier.manifest.ManifestCheck;
import io.palimpsest.verifier.manifest.ManifestHead;
import io.palimpsest.verifier.manifest.ManifestLeaf;
import io.palimpsest.verifier.merkle.GrowingTree;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.InvalidProofException;
import io.palimpsest.verifier.merkle.MerkleTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 255, 256, 257, 1_000, 66_000})
    void leavesComeOutSortedAndEachIsProvenFromAFewReads(int size) throws Exception {
        List<byte[]> leaves = leaves(size);
        Path file = written(leaves, 100);
        List<byte[]> sorted = new ArrayList<>(leaves);
        sorted.sort(Arrays::compareUnsigned);
        Hash root = root(sorted);
        try (ManifestFile manifest = new ManifestFile(file)) {
            assertThat(manifest.size()).isEqualTo(size);
            MerkleTree tree = new MerkleTree(manifest);
            assertThat(tree.root(size)).isEqualTo(root);
            for (int i = 0; i < size; i += Math.max(1, size / 7)) {
                assertThat(manifest.leaf(i).bytes()).isEqualTo(sorted.get(i));
                tree.inclusion(i, size).verify(manifest.leaf(i).hash(), root);
            }
        }
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void theBytesStay() throws Exception {
        byte[] leaf = new byte[ManifestLeaf.SIZE];
        Arrays.fill(leaf, (byte) 7);
        byte[] bytes = Files.readAllBytes(written(List.of(leaf), 10));
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("70616c696d70736573742d6d616e69666573742f310a0000" + "0000000000000001" + "07".repeat(72));
    }

    @Test
    void aWholeManifestIsCheckedAgainstTheLog() throws Exception {
        List<byte[]> sorted = leaves(600);
        sorted.sort(Arrays::compareUnsigned);
        ManifestHead head = head(600, root(sorted));
        byte[] bytes = Files.readAllBytes(written(sorted, 1_000));
        assertThat(ManifestCheck.run(new ByteArrayInputStream(bytes), head)).isEqualTo(600);
        refused(bytes, head(599, root(sorted)), "not as long as the log says");
        refused(bytes, head(600, Hash.sha256(new byte[0])), "root");
        byte[] cut = Arrays.copyOf(bytes, 1_000);
        refused(cut, head, "not as long");
        refused(Arrays.copyOf(bytes, 20), head, "not as long");
        byte[] foreign = bytes.clone();
        foreign[3] ^= 1;
        refused(foreign, head, "no manifest");
    }

    @Test
    void aTreeOfLeavesOutOfOrderOrOfTwoRevisionsOfADocumentIsFound() throws Exception {
        List<byte[]> leaves = leaves(3);
        leaves.sort((a, b) -> Arrays.compareUnsigned(b, a));
        refused(raw(leaves), head(3, root(leaves)), "not after");
        List<byte[]> twice = new ArrayList<>(List.of(leaves.getLast(), leaves.getLast()));
        refused(raw(twice), head(2, root(twice)), "not after");
        byte[] other = leaves.getLast().clone();
        other[39] ^= 1; // of the revision
        List<byte[]> revisions = new ArrayList<>(List.of(leaves.getLast(), other));
        revisions.sort(Arrays::compareUnsigned);
        refused(raw(revisions), head(2, root(revisions)), "second revision");
    }

    @Test
    void aFileThatIsNoneOrEndsTooSoonIsSaid() throws Exception {
        Path none = Files.write(folder.resolve("none"), new byte[100]);
        failed(() -> new ManifestFile(none));
        Path cut = Files.write(folder.resolve("cut"), ManifestCheck.header(5));
        try (ManifestFile manifest = new ManifestFile(cut)) {
            failed(() -> manifest.leaf(4));
        }
    }

    private static void failed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_FAILED));
    }

    private static void refused(byte[] bytes, ManifestHead head, String words) {
        assertThatThrownBy(() -> ManifestCheck.run(new ByteArrayInputStream(bytes), head))
                .isInstanceOf(InvalidProofException.class)
                .hasMessageContaining(words);
    }

    private static byte[] raw(List<byte[]> leaves) throws IOException {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        all.writeBytes(ManifestCheck.header(leaves.size()));
        leaves.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static ManifestHead head(long size, Hash root) {
        Hash any = Hash.sha256(new byte[1]);
        return new ManifestHead("g", Instant.EPOCH, size, root, any, any, "");
    }

    private Path written(List<byte[]> leaves, int run) throws IOException {
        Path file = folder.resolve("it.manifest");
        try (LeafSorter sorter = new LeafSorter(folder, run);
                ManifestWriter writer = new ManifestWriter(folder, leaves.size())) {
            for (byte[] leaf : leaves) {
                sorter.add(leaf);
            }
            sorter.sorted(writer);
            assertThat(writer.finish(file)).isEqualTo(Files.size(file));
        }
        return file;
    }

    private static List<byte[]> leaves(int count) {
        Random random = new Random(count);
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] leaf = new byte[ManifestLeaf.SIZE];
            random.nextBytes(leaf);
            leaves.add(leaf);
        }
        return leaves;
    }

    private static Hash root(List<byte[]> leaves) {
        GrowingTree tree = new GrowingTree();
        leaves.forEach(leaf -> tree.add(Hash.leaf(leaf)));
        return tree.root();
    }
}
