package io.palimpsest.index.passages;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.PassageId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The contract in the plainest form: lists in memory, every query a full scan. Threading: one lock. */
public final class InMemoryPassageIndex implements PassageIndex {
    private Optional<IndexWear> wear = Optional.empty();
    private final String incarnation = java.util.UUID.randomUUID().toString();
    private final Map<GenerationId, Shelf> shelves = new LinkedHashMap<>();

    private static final class Shelf {
        final Generation generation;
        final Map<DocumentKey, History> documents = new TreeMap<>(DocumentDigest.ORDER);

        Shelf(Generation generation) {
            this.generation = generation;
        }
    }

    /** All that is known of one document; access is the one of now. */
    private static final class History {
        AccessList access = new AccessList(java.util.Set.of());
        final List<Revision> revisions = new ArrayList<>();
        final List<Entry> entries = new ArrayList<>();
    }

    private record Revision(DocumentWrite write, Interval interval) {}

    private record Entry(PassageEntry passage, Map<String, String> labels, Interval interval) {}

    private static final class Interval {
        final long from;
        long to = Long.MAX_VALUE;

        Interval(long from) {
            this.from = from;
        }

        boolean shows(@Nullable Instant asOf) {
            return asOf == null ? to == Long.MAX_VALUE : from <= asOf.toEpochMilli() && asOf.toEpochMilli() < to;
        }
    }

    @Override
    public String incarnation() {
        return incarnation;
    }

    @Override
    public synchronized void createGeneration(Generation generation) {
        Shelf shelf = shelves.computeIfAbsent(generation.id(), id -> new Shelf(generation));
        if (!shelf.generation.equals(generation)) {
            throw new IllegalArgumentException("generation " + generation.id() + " exists with other properties");
        }
    }

    @Override
    public synchronized List<Generation> generations() {
        return shelves.values().stream().map(shelf -> shelf.generation).toList();
    }

    @Override
    public synchronized void dropGeneration(GenerationId generation) {
        shelves.remove(generation);
    }

    @Override
    public synchronized long erase(GenerationId generation, DocumentKey key) {
        long found = traces(generation, key);
        shelf(generation).documents.remove(key);
        return found;
    }

    @Override
    public synchronized long traces(GenerationId generation, DocumentKey key) {
        History history = shelf(generation).documents.get(key);
        return history == null ? 0 : history.revisions.size() + history.entries.size();
    }

    @Override
    public synchronized ApplyResult apply(GenerationId generation, List<? extends DocumentWrite> writes) {
        Shelf shelf = shelf(generation);
        writes.forEach(write -> WriteRules.check(shelf.generation, write));
        return new ApplyResult(
                writes.stream().map(write -> applyOne(shelf, write)).toList());
    }

    private static ApplyResult.Outcome applyOne(Shelf shelf, DocumentWrite write) {
        History history = shelf.documents.computeIfAbsent(write.key(), key -> new History());
        Revision last = history.revisions.isEmpty() ? null : history.revisions.getLast();
        if (last != null && last.write().version() >= write.version()) {
            return new ApplyResult.Ignored(
                    write.key(), write.version(), last.write().version());
        }
        long at = write.at().toEpochMilli();
        if (last != null) {
            at = Math.max(at, last.interval().from);
            last.interval().to = at;
        }
        history.revisions.add(new Revision(write, new Interval(at)));
        Map<PassageId, PassageEntry> wanted = new LinkedHashMap<>();
        Map<String, String> labels = Map.of();
        if (write instanceof DocumentWrite.Put put) {
            history.access = put.access();
            labels = put.labels();
            put.passages().forEach(passage -> wanted.put(passage.id(), passage));
        }
        int kept = 0;
        int closed = 0;
        for (Entry entry : history.entries) {
            if (entry.interval().to != Long.MAX_VALUE) {
                continue;
            }
            if (entry.labels().equals(labels) && wanted.remove(entry.passage().id()) != null) {
                kept++;
            } else {
                entry.interval().to = at;
                closed++;
            }
        }
        for (PassageEntry passage : wanted.values()) {
            history.entries.add(new Entry(passage, labels, new Interval(at)));
        }
        return new ApplyResult.Applied(write.key(), write.version(), wanted.size(), kept, closed);
    }

    @Override
    public synchronized Optional<IndexedDocument> document(
            GenerationId generation, DocumentKey key, @Nullable Instant asOf) {
        History history = shelf(generation).documents.get(key);
        Revision visible = history == null ? null : visible(history, asOf);
        if (history == null || visible == null || !(visible.write() instanceof DocumentWrite.Put put)) {
            return Optional.empty();
        }
        List<PassageId> ids = history.entries.stream()
                .filter(entry -> entry.interval().shows(asOf))
                .map(entry -> entry.passage().id())
                .sorted()
                .toList();
        return Optional.of(new IndexedDocument(
                key,
                put.version(),
                Instant.ofEpochMilli(visible.interval().from),
                put.reference(),
                history.access,
                put.labels(),
                ids));
    }

    private static @Nullable Revision visible(History history, @Nullable Instant asOf) {
        return history.revisions.stream()
                .filter(revision -> revision.interval().shows(asOf))
                .findFirst()
                .orElse(null);
    }

    @Override
    public synchronized LegHits search(GenerationId generation, PassageQuery query) {
        Shelf shelf = shelf(generation);
        WriteRules.check(shelf.generation, query);
        float[] vector = query.vector();
        List<ScoredPassage> near =
                vector == null ? List.of() : rank(shelf, query, entry -> dot(vector, entry.vector()), -2);
        List<String> words = query.text() == null
                ? List.of()
                : words(query.text()).distinct().toList();
        List<ScoredPassage> matching = rank(shelf, query, entry -> overlap(words, entry.embeddedText()), 0);
        return new LegHits(near, matching);
    }

    private static List<ScoredPassage> rank(
            Shelf shelf, PassageQuery query, ToDoubleFunction<PassageEntry> similarity, double above) {
        List<ScoredPassage> hits = new ArrayList<>();
        shelf.documents.forEach((key, history) -> {
            Revision visible = visible(history, query.asOf());
            boolean asked = query.documents() == null || query.documents().contains(key.document());
            if (!asked
                    || !history.access.admits(query.principals())
                    || visible == null
                    || !(visible.write() instanceof DocumentWrite.Put put)) {
                return;
            }
            for (Entry entry : history.entries) {
                double score = similarity.applyAsDouble(entry.passage());
                if (score > above
                        && entry.interval().shows(query.asOf())
                        && entry.labels().entrySet().containsAll(query.labels().entrySet())) {
                    hits.add(new ScoredPassage(
                            key, entry.passage().id(), (float) score, put.version(), put.reference()));
                }
            }
        });
        return hits.stream()
                .sorted(ScoredPassage.ORDER)
                .limit(query.candidates())
                .toList();
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Occurrences of the words, damped by length: enough order for tests. */
    private static double overlap(List<String> words, String text) {
        List<String> all = words(text).toList();
        long matches = all.stream().filter(words::contains).count();
        return matches / (8.0 + all.size());
    }

    private static Stream<String> words(String text) {
        return Stream.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1))
                .filter(word -> !word.isEmpty());
    }

    @Override
    public synchronized IndexCounts counts(GenerationId generation) {
        Collection<History> all = shelf(generation).documents.values();
        List<Entry> entries =
                all.stream().flatMap(history -> history.entries.stream()).toList();
        long live =
                entries.stream().filter(entry -> entry.interval().shows(null)).count();
        return new IndexCounts(digests(generation, null, Integer.MAX_VALUE).size(), live, entries.size() - live);
    }

    @Override
    public synchronized List<DocumentDigest> digests(GenerationId generation, @Nullable DocumentKey after, int limit) {
        return shelf(generation).documents.keySet().stream()
                .filter(key -> after == null || DocumentDigest.ORDER.compare(key, after) > 0)
                .flatMap(key -> document(generation, key, null).stream())
                .limit(limit)
                .map(found -> new DocumentDigest(found.key(), found.version(), DocumentDigest.over(found.passages())))
                .toList();
    }

    @Override
    public void each(GenerationId generation, Consumer<ListedDocument> reader) {
        List<ListedDocument> all;
        synchronized (this) {
            all = shelf(generation).documents.keySet().stream()
                    .flatMap(key -> document(generation, key, null).stream())
                    .map(found -> new ListedDocument(found.key(), found.version(), found.passages()))
                    .toList();
        }
        all.forEach(reader);
    }

    @Override
    public synchronized long purgeHistory(GenerationId generation, Instant before) {
        long limit = before.toEpochMilli();
        long purged = 0;
        for (History history : shelf(generation).documents.values()) {
            history.revisions.removeIf(revision -> revision.interval().to <= limit);
            int size = history.entries.size();
            history.entries.removeIf(entry -> entry.interval().to <= limit);
            purged += size - history.entries.size();
        }
        return purged;
    }

    /** What {@link #wear} says from now on. */
    public synchronized void wearOut(IndexWear as) {
        wear = Optional.of(as);
    }

    @Override
    public synchronized Optional<IndexWear> wear(GenerationId generation) {
        return wear;
    }

    @Override
    public synchronized List<String> similarTerms(GenerationId generation, String term, int limit) {
        String wanted = term.toLowerCase(Locale.ROOT);
        Map<String, Integer> distances = new HashMap<>();
        shelf(generation).documents.values().stream()
                .flatMap(history -> history.entries.stream())
                .flatMap(entry -> words(entry.passage().embeddedText()))
                .filter(word -> !word.equals(wanted))
                .forEach(word -> distances.computeIfAbsent(word, candidate -> edits(wanted, candidate)));
        return distances.entrySet().stream()
                .filter(entry -> entry.getValue() <= 2)
                .sorted(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Levenshtein distance, row by row. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    @Override
    public synchronized long termFrequency(GenerationId generation, String term) {
        String wanted = term.toLowerCase(Locale.ROOT);
        return shelf(generation).documents.values().stream()
                .flatMap(history -> history.entries.stream())
                .filter(entry -> words(entry.passage().embeddedText()).anyMatch(wanted::equals))
                .count();
    }

    private Shelf shelf(GenerationId id) {
        return Optional.ofNullable(shelves.get(id))
                .orElseThrow(() -> new PalimpsestException(ErrorCode.NOT_FOUND, "there is no generation " + id));
    }

    @Override
    public void close() {}
}
