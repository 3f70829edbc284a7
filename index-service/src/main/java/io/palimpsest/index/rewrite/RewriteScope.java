package io.palimpsest.index.rewrite;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.passages.Generation;
import java.util.Set;
import java.util.function.Predicate;

/** What a rewrite may learn from: one generation, as far as the caller sees it. */
public record RewriteScope(Generation generation, Set<String> principals, Predicate<DocumentKey> visible) {}
