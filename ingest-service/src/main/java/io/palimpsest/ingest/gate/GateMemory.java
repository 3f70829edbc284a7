package io.palimpsest.ingest.gate;

import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.DocumentKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/**
 * The gate's three stores: documents by key, deletes by time ({@code hex(millis)/document key}, so that old ones are a
 * prefix of the store), and event ids seen within the retention.
 */
record GateMemory(
        KeyValueStore<DocumentKey, DocumentState> documents,
        KeyValueStore<String, DocumentKey> tombstones,
        WindowStore<String, byte[]> seen,
        Duration duplicateRetention,
        Duration tombstoneRetention) {
    private static final byte[] MARK = {1};

    static GateMemory of(ProcessorContext<?, ?> context, GateRules rules) {
        return new GateMemory(
                context.getStateStore(GateTopology.DOCUMENTS),
                context.getStateStore(GateTopology.TOMBSTONES),
                context.getStateStore(GateTopology.SEEN),
                rules.duplicateRetention(),
                rules.tombstoneRetention());
    }

    DocumentState state(DocumentKey key) {
        @Nullable DocumentState state = documents.get(key);
        return state == null ? DocumentState.NEW : state;
    }

    void replace(DocumentKey key, DocumentState before, DocumentState after) {
        documents.put(key, after);
        if (before.deletedOn() != null) {
            tombstones.delete(tombstone(before.deletedOn(), key));
        }
        if (after.deletedOn() != null) {
            tombstones.put(tombstone(after.deletedOn(), key), key);
        }
    }

    /** @return false where the document is there, and nothing is forgotten */
    boolean forget(DocumentKey key) {
        DocumentState state = state(key);
        Registers.Status status = state.registers().status();
        if (status != Registers.Status.DELETED && status != Registers.Status.UNKNOWN) {
            return false;
        }
        if (state.deletedOn() != null) {
            tombstones.delete(tombstone(state.deletedOn(), key));
        }
        documents.delete(key);
        return true;
    }

    boolean hasSeen(DocumentChanged change, long timestamp) {
        Instant from = Instant.ofEpochMilli(Math.max(0, timestamp - duplicateRetention.toMillis()));
        Instant to = Instant.ofEpochMilli(timestamp).plus(duplicateRetention);
        try (WindowStoreIterator<byte[]> found = seen.fetch(change.changeId().value(), from, to)) {
            return found.hasNext();
        }
    }

    void remember(DocumentChanged change, long timestamp) {
        seen.put(change.changeId().value(), MARK, timestamp);
    }

    /** Deletes older than the retention are forgotten; the document's version number stays. */
    void forgetTombstones(long nowMillis) {
        String before = String.format(Locale.ROOT, "%016x", nowMillis - tombstoneRetention.toMillis());
        try (KeyValueIterator<String, DocumentKey> old = tombstones.range(null, before)) {
            while (old.hasNext()) {
                KeyValue<String, DocumentKey> entry = old.next();
                documents.put(entry.value, state(entry.value).forgotten());
                tombstones.delete(entry.key);
            }
        }
    }

    private static String tombstone(Instant deletedOn, DocumentKey key) {
        return String.format(Locale.ROOT, "%016x/%s", deletedOn.toEpochMilli(), key);
    }
}
