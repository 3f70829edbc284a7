package io.palimpsest.verifier.tlog;

/** The files of a log. */
@FunctionalInterface
public interface TileReader {
    /**
     * @return as many hashes as the tile is wide, 32 bytes each; or its entries as {@link EntryBundle} writes them
     * @throws java.io.UncheckedIOException when there is no such file, or it is shorter
     */
    byte[] read(Tile tile);
}
