package io.palimpsest.index.search;

/** Which legs a search uses. */
public enum SearchMode {
    HYBRID,
    VECTOR,
    KEYWORD
}
