package io.palimpsest.testkit.source;

import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A source with a seeded history of several documents (every change type, deletes and re-creations), delivered with
 * duplicates, delays and reorderings. The same seed gives the same history and the same deliveries; {@link #toString} names
 * it, for the test's output.
 */
public final class FaultySource {
    private static final List<String> PRINCIPALS = List.of("*", "user:ann", "user:bob", "group:hr", "group:law");
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    private final long seed;
    private final Faults faults;
    private final String source;
    private final CollectionKey collection;
    private final List<DocumentChanged> history;

    /**
     * What goes wrong.
     *
     * @param duplicates share of deliveries that come again later, 0 to 1
     * @param delays share of deliveries that come late, 0 to 1
     * @param maxDelay by how many deliveries at most a late or repeated one comes later
     * @param unnumbered share of documents whose changes carry no position, 0 to 1
     */
    public record Faults(double duplicates, double delays, int maxDelay, double unnumbered) {
        public static final Faults NONE = new Faults(0, 0, 0, 0);
        public static final Faults MANY = new Faults(0.3, 0.5, 40, 0);
    }

    public FaultySource(long seed, int documents, int changes, Faults faults) {
        this(seed, CollectionKey.of("acme", "docs"), "urn:test:faulty", documents, changes, faults);
    }

    public FaultySource(long seed, CollectionKey collection, String source, int documents, int changes, Faults faults) {
        this.seed = seed;
        this.collection = collection;
        this.source = source;
        this.faults = faults;
        this.history = tell(documents, changes);
    }

    /** What happened, in the order in which it happened. */
    public List<DocumentChanged> history() {
        return history;
    }

    /** The history as it arrives; every change at least once. */
    public List<DocumentChanged> deliveries() {
        return deliveries(0);
    }

    /** @param salt another number, another order of arrival of the same history */
    public List<DocumentChanged> deliveries(long salt) {
        Random random = new Random(seed * 31 + salt + 1);
        List<Delivery> deliveries = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            deliveries.add(new Delivery(i + lateness(random, faults.delays()), history.get(i)));
            while (random.nextDouble() < faults.duplicates()) {
                deliveries.add(new Delivery(i + lateness(random, 1), history.get(i)));
            }
        }
        deliveries.sort((a, b) -> Double.compare(a.when, b.when));
        return deliveries.stream().map(Delivery::change).toList();
    }

    @Override
    public String toString() {
        return "FaultySource[seed=" + seed + ", changes=" + history.size() + ", " + faults + "]";
    }

    private record Delivery(double when, DocumentChanged change) {}

    private double lateness(Random random, double share) {
        return random.nextDouble() < share ? random.nextDouble() * faults.maxDelay() : 0;
    }

    private List<DocumentChanged> tell(int documents, int changes) {
        Random random = new Random(seed);
        Map<Integer, Boolean> unnumbered = new HashMap<>();
        List<DocumentChanged> told = new ArrayList<>();
        long epoch = 0;
        for (int i = 0; i < changes; i++) {
            int document = random.nextInt(documents);
            boolean numbered = !unnumbered.computeIfAbsent(document, d -> random.nextDouble() < faults.unnumbered());
            if (random.nextInt(50) == 0) {
                epoch++;
            }
            // A new epoch restarts the numbering: the sequence alone would order wrongly.
            Position position = numbered ? new Position(epoch, epoch == 0 ? 1000L + i : i) : null;
            told.add(change(random, i, document, position));
        }
        return List.copyOf(told);
    }

    private DocumentChanged change(Random random, int number, int document, @Nullable Position position) {
        ChangeType type = type(random);
        String eventId = "event-" + number;
        DocumentKey key = DocumentKey.of(collection, "urn:doc:" + document);
        return new DocumentChanged(
                ChangeId.of(key, source, eventId),
                key,
                source,
                eventId,
                type,
                position,
                type.carriesContent() ? content(random, number) : null,
                properties(random, type, number),
                START.plusSeconds(number),
                START.plusSeconds(number).plusMillis(5));
    }

    private static ChangeType type(Random random) {
        int die = random.nextInt(10);
        return switch (die) {
            case 0, 1 -> ChangeType.CREATED;
            case 2, 3, 4 -> ChangeType.UPDATED;
            case 5, 6 -> ChangeType.MOVED;
            case 7, 8 -> ChangeType.ACCESS_CHANGED;
            default -> ChangeType.DELETED;
        };
    }

    private static ContentReference content(Random random, int number) {
        if (random.nextInt(8) == 0) {
            return ContentReference.at(URI.create("https://example.org/" + number));
        }
        // Few different texts, so that some updates carry the bytes that are there already.
        String text = "text " + random.nextInt(6);
        return ContentReference.stored(ContentHash.ofText(text), text.length());
    }

    private static DocumentProperties properties(Random random, ChangeType type, int number) {
        List<String> access = random.nextBoolean() ? null : principals(random);
        Map<String, String> labels = random.nextBoolean() ? null : Map.of("number", "" + number);
        Boolean sensitive = random.nextInt(3) == 0 ? random.nextBoolean() : null;
        String title = random.nextBoolean() ? null : "title " + number;
        String location = "/place/" + number;
        return switch (type) {
            case CREATED, UPDATED ->
                new DocumentProperties(title, location, "text/plain", null, access, labels, sensitive);
            case MOVED -> new DocumentProperties(title, location, null, null, null, null, null);
            case ACCESS_CHANGED -> new DocumentProperties(null, null, null, null, access, labels, sensitive);
            case DELETED -> DocumentProperties.NONE;
        };
    }

    private static List<String> principals(Random random) {
        return PRINCIPALS.stream().filter(p -> random.nextInt(3) == 0).toList();
    }
}
