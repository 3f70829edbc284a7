package io.palimpsest.ledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.tlog.Tile;
import java.util.Collections;
import java.util.function.Consumer;

/** With tiles and entries. The newest tree has three levels of tiles, of which the last one of each is not full. */
enum FileTampering implements Tampering {
    ENTRY_WITH_A_BIT_FLIPPED(forger -> forger.change(forger.tile(Tile.ENTRIES, 7), entries -> entries.get(9)[20] ^= 1)),
    ENTRY_AT_ANOTHER_TIME(forger ->
            forger.change(forger.tile(Tile.ENTRIES, 7), entries -> entries.set(9, Records.later(entries.get(9))))),
    ENTRIES_SWAPPED(
            forger -> forger.change(forger.tile(Tile.ENTRIES, 7), entries -> Collections.swap(entries, 3, 200))),
    ENTRY_REMOVED(forger -> forger.change(forger.tile(Tile.ENTRIES, 7), entries -> entries.remove(100))),
    ENTRY_REPEATED_FOR_ANOTHER(
            forger -> forger.change(forger.tile(Tile.ENTRIES, 7), entries -> entries.set(5, entries.get(4)))),
    ENTRY_APPENDED(
            forger -> forger.change(forger.last(Tile.ENTRIES), entries -> entries.add("one more".getBytes(UTF_8)))),
    ENTRY_APPENDED_TO_A_FULL_BUNDLE(
            forger -> forger.change(forger.tile(Tile.ENTRIES, 7), entries -> entries.add("one more".getBytes(UTF_8)))),
    ENTRY_MADE_EMPTY(forger -> forger.change(forger.tile(Tile.ENTRIES, 7), entries -> entries.set(0, new byte[0]))),
    LENGTH_OF_AN_ENTRY_CHANGED(forger -> forger.flip(forger.tile(Tile.ENTRIES, 7), 1)),
    BOUNDARY_OF_ENTRIES_MOVED(forger -> forger.change(forger.tile(Tile.ENTRIES, 7), entries -> {
        String both = new String(entries.get(0), UTF_8) + new String(entries.get(1), UTF_8);
        entries.set(0, both.substring(0, 3).getBytes(UTF_8));
        entries.set(1, both.substring(3).getBytes(UTF_8));
    })),
    BUNDLE_TRUNCATED(forger -> forger.resize(forger.last(Tile.ENTRIES), -1)),
    BUNDLE_WITH_A_BYTE_MORE(forger -> forger.resize(forger.tile(Tile.ENTRIES, 7), 1)),
    BUNDLE_EMPTY(forger -> forger.write(forger.tile(Tile.ENTRIES, 7), new byte[0])),
    BUNDLE_MISSING(forger -> forger.delete(forger.tile(Tile.ENTRIES, 7).path())),
    BUNDLES_SWAPPED(forger -> forger.swap(forger.tile(Tile.ENTRIES, 7), forger.tile(Tile.ENTRIES, 8))),
    BUNDLE_AS_IT_WAS_WHEN_NARROWER(forger -> forger.change(
            forger.last(Tile.ENTRIES),
            entries -> entries.subList(62, entries.size()).clear())),

    HASH_OF_A_LEAF_CHANGED(forger -> forger.flip(forger.tile(0, 7), 40)),
    HASH_OF_THE_LAST_LEAF_CHANGED(
            forger -> forger.flip(forger.last(0), forger.last(0).bytes() - 1)),
    HASH_OF_LEVEL_ONE_CHANGED(forger -> forger.flip(forger.tile(1, 0), 40)),
    LAST_HASH_OF_LEVEL_ONE_CHANGED(forger -> forger.flip(forger.last(1), 40)),
    HASH_OF_LEVEL_TWO_CHANGED(forger -> forger.flip(forger.last(2), 0)),
    TILE_TRUNCATED(forger -> forger.resize(forger.tile(0, 7), -Hash.SIZE)),
    TILE_WITH_A_HASH_MORE(forger -> forger.resize(forger.last(0), Hash.SIZE)),
    TILE_MISSING(forger -> forger.delete(forger.tile(0, 7).path())),
    TILE_OF_LEVEL_ONE_MISSING(forger -> forger.delete(forger.tile(1, 0).path())),
    TILE_OF_LEVEL_TWO_MISSING(forger -> forger.delete(forger.last(2).path())),
    TILES_SWAPPED(forger -> forger.swap(forger.tile(0, 7), forger.tile(0, 8))),
    TILES_AND_BUNDLES_SWAPPED(forger -> {
        forger.swap(forger.tile(0, 7), forger.tile(0, 8));
        forger.swap(forger.tile(Tile.ENTRIES, 7), forger.tile(Tile.ENTRIES, 8));
    }),
    TILE_OF_ANOTHER_LEVEL(forger -> forger.write(forger.tile(0, 7), forger.read(forger.tile(1, 0)))),
    /** The one of 62 hashes is still there. */
    TILE_AS_IT_WAS_WHEN_NARROWER(forger ->
            forger.write(forger.last(0), forger.read(new Tile(0, forger.last(0).index(), 62)))),

    ENTRY_AND_ITS_HASH_REWRITTEN(forger -> forger.rewrite(2000, 0)),
    ENTRY_AND_HASHES_REWRITTEN_TO_LEVEL_ONE(forger -> forger.rewrite(2000, 1)),
    ENTRY_AND_ALL_HASHES_REWRITTEN(forger -> forger.rewrite(2000, 2)),
    LAST_ENTRY_AND_ALL_HASHES_REWRITTEN(forger -> forger.rewrite(69_999, 2)),

    SIZE_RAISED_AND_SIGNED(forger -> forger.resign(text -> text.replace("\n70000\n", "\n70001\n"))),
    SIZE_LOWERED_AND_SIGNED(forger -> forger.resign(text -> text.replace("\n70000\n", "\n69999\n"))),
    ROOT_REPLACED_AND_SIGNED(forger -> forger.resign(
            text -> text.replace(text.split("\n")[2], Hash.leaf(new byte[0]).base64())));

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that keep nothing
    private final Consumer<Forger> deed;

    FileTampering(Consumer<Forger> deed) {
        this.deed = deed;
    }

    @Override
    public Finding foundIn() {
        return Finding.FILES;
    }

    @Override
    public void by(Forger forger) {
        deed.accept(forger);
    }
}
