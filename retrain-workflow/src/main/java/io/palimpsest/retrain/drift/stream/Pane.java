package io.palimpsest.retrain.drift.stream;

import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.retrain.drift.measure.QuerySample;
import io.palimpsest.retrain.drift.measure.Tally;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * A smallest window, as it fills.
 *
 * <p>Threading: mutable, one thread.
 */
final class Pane {
    private static final byte VERSION = 1;

    private final long number;
    private final ModelId model;
    private final long openedMillis;
    private Instant first;
    private Instant last;
    private long embedded;
    private boolean closed;
    private final Tally tally;

    /** @param openedMillis of this machine's clock: what pace and limit are counted from */
    static Pane open(long number, QueryServed query, long openedMillis) {
        return new Pane(number, query.model(), openedMillis, query.at(), query.at(), new Tally());
    }

    private Pane(long number, ModelId model, long openedMillis, Instant first, Instant last, Tally tally) {
        this.number = number;
        this.model = model;
        this.openedMillis = openedMillis;
        this.first = first;
        this.last = last;
        this.tally = tally;
    }

    void count(QueryServed query) {
        first = query.at().isBefore(first) ? query.at() : first;
        last = query.at().isAfter(last) ? query.at() : last;
        tally.add(QuerySample.figures(query), query.model().equals(model));
    }

    /**
     * Where among the sampled embeddings this one goes, or -1 (Vitter's algorithm R; the choice depends on what was counted only, so
     * that doing it again after a kill chooses alike).
     */
    int sampleSlot(long seed, int capacity) {
        long before = embedded++;
        if (before < capacity) {
            return (int) before;
        }
        long chosen = new SplittableRandom(seed ^ (number * 0x9E3779B97F4A7C15L) ^ before).nextLong(before + 1);
        return chosen < capacity ? (int) chosen : -1;
    }

    void close() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }

    long number() {
        return number;
    }

    ModelId model() {
        return model;
    }

    long openedMillis() {
        return openedMillis;
    }

    Instant first() {
        return first;
    }

    Instant last() {
        return last;
    }

    /** Queries that had an embedding by the pane's model. */
    long embedded() {
        return embedded;
    }

    Tally tally() {
        return tally;
    }

    /**
     * Version (8 bits), 1 when closed (8), then number, arrivals, opened, first, last (milliseconds), embedded (64 each), length of
     * the model's id (16), the id in UTF-8, and the {@link Tally}; big-endian.
     *
     * @param arrivals of the collection so far
     */
    byte[] bytes(long arrivals) {
        byte[] id = model.value().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(2 + 6 * Long.BYTES + Short.BYTES + id.length + tally.size());
        out.put(VERSION).put((byte) (closed ? 1 : 0));
        out.putLong(number).putLong(arrivals).putLong(openedMillis);
        out.putLong(first.toEpochMilli()).putLong(last.toEpochMilli()).putLong(embedded);
        out.putShort((short) id.length).put(id);
        tally.write(out);
        return out.array();
    }

    /** A pane, and how many queries of its collection had come when it was written. */
    record Stored(Pane pane, long arrivals) {}

    static Stored read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalStateException("a window of version " + version + ", expected " + VERSION);
        }
        boolean closed = in.get() == 1;
        long number = in.getLong();
        long arrivals = in.getLong();
        long opened = in.getLong();
        Instant first = Instant.ofEpochMilli(in.getLong());
        Instant last = Instant.ofEpochMilli(in.getLong());
        long embedded = in.getLong();
        byte[] id = new byte[in.getShort()];
        in.get(id);
        ModelId model = new ModelId(new String(id, StandardCharsets.UTF_8));
        Pane pane = new Pane(number, model, opened, first, last, Tally.read(in));
        pane.embedded = embedded;
        pane.closed = closed;
        return new Stored(pane, arrivals);
    }
}
