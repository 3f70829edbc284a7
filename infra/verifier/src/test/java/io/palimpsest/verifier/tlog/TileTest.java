package io.palimpsest.verifier.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.merkle.Leaves;
import io.palimpsest.verifier.merkle.MerkleTree;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TileTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 256, tile/0/000",
        "0, 1234067, 8, tile/0/x001/x234/067.p/8",
        "1, 999, 255, tile/1/999.p/255",
        "3, 1000, 256, tile/3/x001/000",
        "-1, 273, 112, tile/entries/273.p/112"
    })
    void pathsAreThoseOfTheSpecification(int level, long index, int width, String path) {
        Tile tile = new Tile(level, index, width);
        assertThat(tile.path()).isEqualTo(path);
        assertThat(Tile.parse(path)).contains(tile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tile/0/00",
                "tile/0/0000",
                "tile/00/000",
                "tile/64/000",
                "tile/0/x000/000",
                "tile/0/x001/x234/067.p/256",
                "tile/0/000.p/0",
                "tile/0/000.p/01",
                "tile/0/000.p/300",
                "tile/data/000",
                "tile/0/../000",
                "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                "/tile/0/000",
                "checkpoint",
                ""
            })
    void otherPathsAreNoTiles(String path) {
        assertThat(Tile.parse(path)).isEmpty();
    }

    @Property
    void everyPathIsReadAsWhatWroteIt(
            @ForAll @IntRange(min = -1, max = 63) int level,
            @ForAll @LongRange(min = 0, max = 999_999_999_999L) long index,
            @ForAll @IntRange(min = 1, max = 256) int width) {
        Tile tile = new Tile(level, index, width);
        assertThat(Tile.parse(tile.path())).contains(tile);
    }

    /** The example of tlog-tiles: a tree of 70,000 leaves. */
    @Test
    void aTreeHasTheTilesThatTheSpecificationSays() {
        assertThat(Tile.in(70_000, 0, 272)).contains(new Tile(0, 272, 256));
        assertThat(Tile.in(70_000, 0, 273)).contains(new Tile(0, 273, 112));
        assertThat(Tile.in(70_000, 0, 274)).isEmpty();
        assertThat(Tile.in(70_000, 1, 0)).contains(new Tile(1, 0, 256));
        assertThat(Tile.in(70_000, 1, 1)).contains(new Tile(1, 1, 17));
        assertThat(Tile.in(70_000, 2, 0)).contains(new Tile(2, 0, 1));
        assertThat(Tile.in(70_000, 3, 0)).isEmpty();
    }

    @Test
    void tilesHoldAllNodesOfTheTree() {
        int size = 70_000;
        List<Hash> leaves = IntStream.range(0, size)
                .mapToObj(i -> Hash.leaf(ByteBuffer.allocate(4).putInt(i).array()))
                .toList();
        Leaves nodes = new Leaves(leaves);
        MerkleTree stored = new MerkleTree(new TileHashes(tile -> hashes(nodes, tile), size));
        MerkleTree defined = new MerkleTree(nodes);
        assertThat(stored.root(size)).isEqualTo(defined.root(size));
        for (int leaf : new int[] {0, 255, 256, 65_535, 65_536, 69_999}) {
            assertThat(stored.inclusion(leaf, size)).isEqualTo(defined.inclusion(leaf, size));
        }
        for (int from : new int[] {1, 255, 256, 257, 65_535, 65_536, 69_999}) {
            assertThat(stored.consistency(from, size)).isEqualTo(defined.consistency(from, size));
        }
    }

    @Test
    void bundlesHaveTheBytesOfTheSpecification() {
        List<byte[]> entries = List.of(bytes("ab"), bytes(""), new byte[300]);
        byte[] bundle = EntryBundle.encode(entries);
        assertThat(bundle).startsWith(0, 2, 'a', 'b', 0, 0, 1, 44).hasSize(6 + 302);
        assertThat(EntryBundle.decode(bundle))
                .usingElementComparator(java.util.Arrays::compare)
                .isEqualTo(entries);
    }

    @Test
    void aTornBundleIsRefused() {
        byte[] bundle = EntryBundle.encode(List.of(bytes("abc")));
        for (int length = 1; length < bundle.length; length++) {
            byte[] torn = java.util.Arrays.copyOf(bundle, length);
            assertThatThrownBy(() -> EntryBundle.decode(torn)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> EntryBundle.encode(List.of(new byte[65_536])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] hashes(Leaves nodes, Tile tile) {
        byte[] hashes = new byte[tile.bytes()];
        for (int i = 0; i < tile.width(); i++) {
            nodes.read(tile.level() * Tile.HEIGHT, tile.index() * Tile.WIDTH + i)
                    .copyTo(hashes, i * Hash.SIZE);
        }
        return hashes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
