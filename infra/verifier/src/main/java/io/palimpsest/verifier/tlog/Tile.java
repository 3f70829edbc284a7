package io.palimpsest.verifier.tlog;

import io.palimpsest.verifier.merkle.Hash;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of the log (C2SP tlog-tiles): up to 256 hashes of one level, or up to 256 entries.
 *
 * @param level 0: hashes of leaves; L: roots of complete subtrees of {@code 256^L} leaves; {@link #ENTRIES}: the entries
 * @param index of the tile among those of its level
 * @param width how many, 1 to 256; 256: it never changes again
 */
public record Tile(int level, long index, int width) {
    /** Not a level of hashes. */
    public static final int ENTRIES = -1;

    public static final int WIDTH = 256;
    /** Binary logarithm of {@link #WIDTH}. */
    public static final int HEIGHT = 8;

    private static final int GROUP = 1000;
    private static final Pattern PATH =
            Pattern.compile("tile/(entries|0|[1-9]\\d?)/((?:x\\d{3}/){0,5}\\d{3})(?:\\.p/([1-9]\\d{0,2}))?");

    public Tile {
        if (level < ENTRIES || level > 63 || index < 0 || width < 1 || width > WIDTH) {
            throw new IllegalArgumentException("no such tile: " + level + "/" + index + "/" + width);
        }
    }

    /** Where there is one in a tree of this size, as wide as it is there. */
    public static Optional<Tile> in(long treeSize, int level, long index) {
        long nodes = nodes(treeSize, level);
        long width = Math.min(WIDTH, nodes - index * WIDTH);
        return width < 1 ? Optional.empty() : Optional.of(new Tile(level, index, (int) width));
    }

    /** How many hashes, or entries, of this level a tree of this size has. */
    public static long nodes(long treeSize, int level) {
        int shift = HEIGHT * Math.max(0, level);
        return shift >= Long.SIZE ? 0 : treeSize >>> shift;
    }

    public boolean isFull() {
        return width == WIDTH;
    }

    /** Bytes of its file; only of a tile of hashes. */
    public int bytes() {
        return width * Hash.SIZE;
    }

    /** As wide as it will be. */
    public Tile full() {
        return new Tile(level, index, WIDTH);
    }

    /** {@code tile/<L>/<N>[.p/<W>]}, N in groups of three digits, such as {@code tile/0/x001/x234/067.p/8}. */
    public String path() {
        StringBuilder number = new StringBuilder(String.format(Locale.ROOT, "%03d", index % GROUP));
        for (long rest = index / GROUP; rest > 0; rest /= GROUP) {
            number.insert(0, String.format(Locale.ROOT, "x%03d/", rest % GROUP));
        }
        return "tile/" + (level == ENTRIES ? "entries" : level) + "/" + number + (isFull() ? "" : ".p/" + width);
    }

    /** @return empty when this is not the path of a tile */
    public static Optional<Tile> parse(String path) {
        Matcher parts = PATH.matcher(path);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int level = parts.group(1).equals("entries") ? ENTRIES : Integer.parseInt(parts.group(1));
        int width = parts.group(3) == null ? WIDTH : Integer.parseInt(parts.group(3));
        if (level > 63 || (width == WIDTH) != (parts.group(3) == null) || width > WIDTH) {
            return Optional.empty();
        }
        Tile tile = new Tile(level, Long.parseLong(parts.group(2).replaceAll("[x/]", "")), width);
        return tile.path().equals(path) ? Optional.of(tile) : Optional.empty();
    }

    @Override
    public String toString() {
        return path();
    }
}
