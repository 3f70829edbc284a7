package io.palimpsest.platform.security;

/** What a key may be used for. */
public enum Role {
    /** Send changes. */
    PUBLISH,
    /** Search, ask, read cited documents. */
    SEARCH,
    /** See status, timelines and quarantine, and retry. */
    OPERATE,
    /** Grade results in review queues. */
    REVIEW,
    /** Let a candidate model go live, refuse it, or roll one back. */
    APPROVE,
    /** Read the ledger and its proofs. */
    AUDIT
}
