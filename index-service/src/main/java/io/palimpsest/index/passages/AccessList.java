package io.palimpsest.index.passages;

import java.util.Collections;
import java.util.Set;

/** Who may see a document: entries such as {@code user:alice} or {@code group:hr}. An empty list admits nobody. */
public record AccessList(Set<String> principals) {
    /** Admits every caller that has any principal at all. */
    public static final String EVERYONE = "*";

    public static final AccessList PUBLIC = new AccessList(Set.of(EVERYONE));

    public AccessList {
        principals = Set.copyOf(principals);
    }

    public static AccessList of(String... principals) {
        return new AccessList(Set.of(principals));
    }

    /** No principals, no access (law 7). */
    public boolean admits(Set<String> callers) {
        return !callers.isEmpty() && (principals.contains(EVERYONE) || !Collections.disjoint(principals, callers));
    }
}
