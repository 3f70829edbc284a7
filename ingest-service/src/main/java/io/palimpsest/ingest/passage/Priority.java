package io.palimpsest.ingest.passage;

/**
 * Which boundary is cut first, by the text before it: the lowest hash of its windows of 16 characters. An edit keeps
 * it unless it touches that window or brings a lower one, so most edited paragraphs keep their boundary. White space
 * counts for nothing. Texts that share their lowest window are told apart by the hash of all of their characters.
 */
final class Priority {
    /** Characters of a window, some three words. From 10 to 24 waste is the same. */
    private static final int WINDOW = 16;
    /** 2^64 / golden ratio, odd. */
    private static final long BASE = 0x9E3779B97F4A7C15L;

    private static final long LOW_HALF = 0xFFFFFFFFL;
    private static final long LEAVING = power(WINDOW);

    private Priority() {}

    /** Upper half: the lowest window, or a shorter text whole; lower half: all of the text. Compared as signed. */
    static long of(String text) {
        long[] last = new long[WINDOW];
        long whole = 0;
        long window = 0;
        long lowest = Long.MAX_VALUE;
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c)) {
                int slot = count % WINDOW;
                window = window * BASE + c + 1 - LEAVING * last[slot];
                last[slot] = c + 1L;
                whole = whole * BASE + c + 1;
                count++;
                if (count >= WINDOW) {
                    lowest = Math.min(lowest, mixed(window));
                }
            }
        }
        long all = mixed(whole);
        return ((count < WINDOW ? all : lowest) & ~LOW_HALF) | (all & LOW_HALF);
    }

    private static long power(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= BASE;
        }
        return power;
    }

    /** The finalizer of SplitMix64: each bit depends on all. */
    private static long mixed(long hash) {
        long z = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
