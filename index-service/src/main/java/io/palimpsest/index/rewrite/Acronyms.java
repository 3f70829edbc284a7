package io.palimpsest.index.rewrite;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The acronyms that documents define, each with the documents that do: an expansion is only given to those who may see
 * one of them. In memory; learned again from the content store at start.
 *
 * <p>Threading: one lock.
 */
public final class Acronyms {
    /** Arbitrary bounds, so that no corpus fills the memory: enough for the vocabulary of a company. */
    private static final int MAX_ACRONYMS = 20_000;

    private static final int MAX_DOCUMENTS = 16;

    private final Map<CollectionKey, Map<String, Map<String, Meaning>>> collections = new HashMap<>();
    private final Map<DocumentKey, Collection<String>> taught = new HashMap<>();

    private static final class Meaning {
        final String longForm;
        final Set<DocumentKey> documents = new HashSet<>();

        Meaning(String longForm) {
            this.longForm = longForm;
        }
    }

    /** Replaces what the document taught before. */
    public void observe(DocumentKey document, String text) {
        Map<String, String> found = AcronymPatterns.definitions(text);
        synchronized (this) {
            forget(document);
            if (found.isEmpty()) {
                return;
            }
            Map<String, Map<String, Meaning>> acronyms =
                    collections.computeIfAbsent(document.collectionKey(), collection -> new HashMap<>());
            found.forEach((acronym, longForm) -> {
                if (acronyms.size() < MAX_ACRONYMS || acronyms.containsKey(acronym)) {
                    Meaning meaning = acronyms.computeIfAbsent(acronym, a -> new LinkedHashMap<>())
                            .computeIfAbsent(longForm.toLowerCase(Locale.ROOT), l -> new Meaning(longForm));
                    if (meaning.documents.size() < MAX_DOCUMENTS) {
                        meaning.documents.add(document);
                    }
                }
            });
            taught.put(document, found.keySet());
        }
    }

    /** The document was deleted or changed: what only it defined is unknown again. */
    public synchronized void forget(DocumentKey document) {
        Collection<String> known = taught.remove(document);
        Map<String, Map<String, Meaning>> acronyms = collections.get(document.collectionKey());
        if (known == null || acronyms == null) {
            return;
        }
        for (String acronym : known) {
            Map<String, Meaning> meanings = acronyms.get(acronym);
            if (meanings != null) {
                meanings.values().forEach(meaning -> meaning.documents.remove(document));
                meanings.values().removeIf(meaning -> meaning.documents.isEmpty());
                if (meanings.isEmpty()) {
                    acronyms.remove(acronym);
                }
            }
        }
    }

    /** The long form that most of the visible documents give. */
    public synchronized Optional<String> longForm(
            CollectionKey collection, String acronym, Predicate<DocumentKey> visible) {
        return collections.getOrDefault(collection, Map.of()).getOrDefault(acronym, Map.of()).values().stream()
                .map(meaning -> Map.entry(
                        meaning.longForm,
                        meaning.documents.stream().filter(visible).count()))
                .filter(counted -> counted.getValue() > 0)
                .max(Comparator.comparingLong((Map.Entry<String, Long> counted) -> counted.getValue())
                        .thenComparing(Map.Entry::getKey, Comparator.reverseOrder()))
                .map(Map.Entry::getKey);
    }
}
