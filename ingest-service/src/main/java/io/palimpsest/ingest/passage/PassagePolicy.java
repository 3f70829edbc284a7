package io.palimpsest.ingest.passage;

import io.palimpsest.contracts.id.PassagePolicyId;

/**
 * Sizes of passages, in the embedder's tokens without special tokens.
 *
 * @param maxTokens longest text of a passage, its context not counted; a section up to this stays whole
 * @param minTokens a longer section is cut no closer than this to the ends of what is cut, where it can be helped
 * @param maxContextTokens longest heading path, and longest table header
 * @param embeddedLimit longest embedded text: context, table header and text together
 */
public record PassagePolicy(int maxTokens, int minTokens, int maxContextTokens, int embeddedLimit) {
    /** Part of the policy id: any change to where boundaries fall or to what is embedded must raise it. */
    private static final int ALGORITHM_VERSION = 2;

    public PassagePolicy {
        if (minTokens < 1 || maxTokens < 2 * minTokens || embeddedLimit < maxTokens || maxContextTokens < 0) {
            throw new IllegalArgumentException("passage policy: needs 1 <= minTokens <= maxTokens/2, embeddedLimit >="
                    + " maxTokens and maxContextTokens >= 0, but got min " + minTokens + ", max " + maxTokens
                    + ", context " + maxContextTokens + ", limit " + embeddedLimit);
        }
    }

    /** For all-MiniLM-L6-v2, which reads 512 tokens of which 2 are special. Sizes measured, see decision 0003. */
    public static PassagePolicy standard() {
        return new PassagePolicy(480, 160, 96, 510);
    }

    public PassagePolicyId id() {
        return new PassagePolicyId("content-defined/" + ALGORITHM_VERSION + "/max" + maxTokens + "-min" + minTokens
                + "-context" + maxContextTokens + "-limit" + embeddedLimit);
    }
}
