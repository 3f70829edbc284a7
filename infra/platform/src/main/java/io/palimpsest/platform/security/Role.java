package io.palimpsest.platform.security;

/** What a key may be used for. */
public enum Role {
    /** Send changes. */
    PUBLISH,
    /** Search, ask, read cited documents. */
    SEARCH,
    /** See status, timelines and quarantine, and retry. */
    OPERATE,
    /** Read the ledger and its proofs. */
    AUDIT
}
