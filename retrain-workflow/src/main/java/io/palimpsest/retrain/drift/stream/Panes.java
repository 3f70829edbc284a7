package io.palimpsest.retrain.drift.stream;

import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.retrain.drift.measure.Vectors;
import io.palimpsest.retrain.drift.measure.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The last four panes of one collection. What was counted is written through to the stores with every query; the open pane is also
 * kept as it is, since reading it back for each would cost most of the time.
 *
 * <p>Threading: one thread.
 */
final class Panes {
    private static final int KEPT = DriftRules.SCALES.getLast();

    private final CollectionKey collection;
    private final Stores stores;
    private final SeenIds seen;
    private final int sampled;
    private @Nullable Pane newest;

    /** Where it all lies. */
    record Stores(
            KeyValueStore<String, byte[]> windows,
            KeyValueStore<String, byte[]> embeddings,
            KeyValueStore<String, byte[]> seen) {}

    /** @param sampled embeddings that a pane keeps */
    Panes(CollectionKey collection, Stores stores, int sampled) {
        this.collection = collection;
        this.stores = stores;
        this.sampled = sampled;
        Optional<Pane.Stored> last = IntStream.range(0, KEPT)
                .mapToObj(slot -> stores.windows().get(key(slot)))
                .filter(bytes -> bytes != null)
                .map(Pane::read)
                .max(Comparator.comparingLong(stored -> stored.pane().number()));
        this.newest = last.map(Pane.Stored::pane).orElse(null);
        this.seen = new SeenIds(
                stores.seen(),
                collection.toString(),
                last.map(Pane.Stored::arrivals).orElse(0L));
    }

    CollectionKey collection() {
        return collection;
    }

    /** Counts a query, unless it came before. */
    void add(QueryServed query, long nowMillis) {
        if (!seen.add(query.queryId())) {
            return;
        }
        Pane open = open();
        if (open == null) {
            open = Pane.open(newest == null ? 0 : newest.number() + 1, query, nowMillis);
            newest = open;
        }
        open.count(query);
        String embedding = query.embedding();
        if (embedding != null && query.model().equals(open.model())) {
            int slot = open.sampleSlot(SeenIds.hash(collection.toString()), sampled);
            if (slot >= 0) {
                stores.embeddings()
                        .put(key(open.number() % KEPT) + "#" + slot, Vectors.bytes(Vectors.decode(embedding)));
            }
        }
        write(open);
    }

    /** The pane that fills; null between two. */
    @Nullable
    Pane open() {
        Pane pane = newest;
        return pane == null || pane.closed() ? null : pane;
    }

    void close(Pane pane) {
        pane.close();
        write(pane);
    }

    /** The panes of the larger window that this one completes, or none. */
    List<Pane> endingWith(Pane last, int scale) {
        if ((last.number() + 1) % scale != 0) {
            return List.of();
        }
        List<Pane> panes = new ArrayList<>();
        for (long number = last.number() - scale + 1; number <= last.number(); number++) {
            byte[] bytes = stores.windows().get(key(number % KEPT));
            if (bytes == null) {
                return List.of();
            }
            panes.add(Pane.read(bytes).pane());
        }
        return panes;
    }

    Window window(List<Pane> panes) {
        return Window.of(panes.stream()
                .map(pane -> new Window(pane.model(), pane.tally(), embeddings(pane)))
                .toList());
    }

    private List<float[]> embeddings(Pane pane) {
        List<float[]> embeddings = new ArrayList<>();
        for (int slot = 0; slot < Math.min(pane.embedded(), sampled); slot++) {
            byte[] bytes = stores.embeddings().get(key(pane.number() % KEPT) + "#" + slot);
            if (bytes != null) {
                embeddings.add(Vectors.of(bytes));
            }
        }
        return embeddings;
    }

    private void write(Pane pane) {
        stores.windows().put(key(pane.number() % KEPT), pane.bytes(seen.arrivals()));
    }

    private String key(long slot) {
        return collection + "#" + slot;
    }
}
