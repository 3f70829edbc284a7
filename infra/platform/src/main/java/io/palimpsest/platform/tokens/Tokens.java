package io.palimpsest.platform.tokens;

/** One encoded text: token ids with the special tokens at both ends, unpadded, and how many there were before cutting. */
public final class Tokens {
    private final long[] ids;
    private final int uncutLength;

    Tokens(long[] ids, int uncutLength) {
        this.ids = ids;
        this.uncutLength = uncutLength;
    }

    /** Token ids, special tokens included. The array is not copied: read only. */
    public long[] ids() {
        return ids;
    }

    public int length() {
        return ids.length;
    }

    /** Length before cutting, special tokens included. */
    public int uncutLength() {
        return uncutLength;
    }

    public boolean truncated() {
        return uncutLength > ids.length;
    }
}
