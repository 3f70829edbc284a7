package io.palimpsest.ingest.extract;

import java.time.Duration;

/**
 * What the extraction of one document may cost.
 *
 * @param timeout wall clock of a document in the small lane
 * @param largeTimeout wall clock of a document in the large lane
 * @param largeFileBytes documents of at least this size go to the large lane
 * @param heapMib heap of a parser process of the small lane; the large lane's has twice as much
 * @param maxFileBytes largest file that is opened at all
 * @param maxOutputChars UTF-16 units of text
 * @param maxDepth levels of embedding, the container not counted
 * @param maxExpansionRatio bytes or characters out per byte in; small expansions, up to 8 Mi, are never refused
 * @param maxEmbedded documents embedded at any level; 0: none
 */
public record ExtractLimits(
        Duration timeout,
        Duration largeTimeout,
        long largeFileBytes,
        int heapMib,
        long maxFileBytes,
        int maxOutputChars,
        int maxDepth,
        int maxExpansionRatio,
        int maxEmbedded) {
    /** 60 s (large lane 5 min from 8 MiB on), 256 MiB heap, 256 MiB file, 20 M characters, depth 10, ratio 100, 1,000 embedded. */
    public static final ExtractLimits DEFAULT = new ExtractLimits(
            Duration.ofSeconds(60), Duration.ofMinutes(5), 8L << 20, 256, 256L << 20, 20_000_000, 10, 100, 1_000);

    public ExtractLimits {
        requirePositive("timeout", timeout.toMillis());
        requirePositive("largeTimeout", largeTimeout.toMillis());
        requirePositive("largeFileBytes", largeFileBytes);
        requirePositive("heapMib", heapMib);
        requirePositive("maxFileBytes", maxFileBytes);
        requirePositive("maxOutputChars", maxOutputChars);
        requirePositive("maxDepth", maxDepth);
        requirePositive("maxExpansionRatio", maxExpansionRatio);
        if (maxEmbedded < 0) {
            throw new IllegalArgumentException("extract limit maxEmbedded must not be negative, is " + maxEmbedded);
        }
    }

    public ExtractLimits withTimeout(Duration both) {
        return new ExtractLimits(
                both,
                both,
                largeFileBytes,
                heapMib,
                maxFileBytes,
                maxOutputChars,
                maxDepth,
                maxExpansionRatio,
                maxEmbedded);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("extract limit " + name + " must be positive, is " + value);
        }
    }
}
