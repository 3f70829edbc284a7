package io.palimpsest.platform.erasure;

import io.palimpsest.contracts.id.DocumentKey;
import java.util.List;
import java.util.Map;

/** Erasures without a workflow. */
public final class TestErasing {
    private TestErasing() {}

    /** @param notes what is remembered, and is again for the next round */
    public static Erasing of(String id, DocumentKey document, int round, Map<String, List<String>> notes) {
        return new Erasing(id, document, round, (name, first) -> notes.computeIfAbsent(name, unknown -> first.get()));
    }
}
