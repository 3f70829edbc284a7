package io.palimpsest.index.passages;

import io.palimpsest.contracts.id.DocumentId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to look for. Access, labels, documents and time narrow down what is ranked, before it is ranked.
 *
 * @param vector float[dimensions], L2-normalised; null = no vector leg
 * @param text plain words, never a query language; null = no keyword leg
 * @param candidates most hits per leg, 1 to 10,000
 * @param principals who asks; empty = no hits (law 7)
 * @param labels a document must carry all of them
 * @param documents only these; null = all
 * @param asOf to the millisecond, a change in that very millisecond included; null = now
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy per query would be waste
public record PassageQuery(
        float @Nullable [] vector,
        @Nullable String text,
        int candidates,
        Set<String> principals,
        Map<String, String> labels,
        @Nullable Set<DocumentId> documents,
        @Nullable Instant asOf) {
    public static final int MAX_CANDIDATES = 10_000;

    public PassageQuery {
        if (candidates < 1 || candidates > MAX_CANDIDATES) {
            throw new IllegalArgumentException("candidates must be 1 to " + MAX_CANDIDATES + ", not " + candidates);
        }
        principals = Set.copyOf(principals);
        labels = Map.copyOf(labels);
        documents = documents == null ? null : Set.copyOf(documents);
    }

    /** Over everything that the principals may see now. */
    public static PassageQuery of(
            float @Nullable [] vector, @Nullable String text, int candidates, Set<String> principals) {
        return new PassageQuery(vector, text, candidates, principals, Map.of(), null, null);
    }

    public PassageQuery withLabels(Map<String, String> required) {
        return new PassageQuery(vector, text, candidates, principals, required, documents, asOf);
    }

    public PassageQuery withDocuments(Set<DocumentId> only) {
        return new PassageQuery(vector, text, candidates, principals, labels, only, asOf);
    }

    public PassageQuery withAsOf(@Nullable Instant moment) {
        return new PassageQuery(vector, text, candidates, principals, labels, documents, moment);
    }
}
