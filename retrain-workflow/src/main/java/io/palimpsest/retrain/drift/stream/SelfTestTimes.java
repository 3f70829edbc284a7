package io.palimpsest.retrain.drift.stream;

import io.palimpsest.contracts.id.CollectionKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Which self-test was last, per collection: its number is the time since 1970 in units of the interval. */
final class SelfTestTimes {
    private static final String PREFIX = "self-test#";

    private final KeyValueStore<String, byte[]> store;
    private final long everyMillis;

    SelfTestTimes(KeyValueStore<String, byte[]> store, Duration every) {
        this.store = store;
        this.everyMillis = Math.max(1, every.toMillis());
    }

    /** All that were known before a restart. */
    List<CollectionKey> collections() {
        List<CollectionKey> found = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries = store.range(PREFIX, PREFIX + Character.MAX_VALUE)) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                String name = entry.key.substring(PREFIX.length());
                int slash = name.indexOf('/');
                found.add(CollectionKey.of(name.substring(0, slash), name.substring(slash + 1)));
            }
        }
        return found;
    }

    /** A new collection's first test comes with the next interval: there is nothing to test before. */
    void know(CollectionKey collection, long nowMillis) {
        if (store.get(PREFIX + collection) == null) {
            write(collection, nowMillis / everyMillis);
        }
    }

    /** The number of the test that is due now, once. */
    OptionalLong due(CollectionKey collection, long nowMillis) {
        byte[] last = store.get(PREFIX + collection);
        long now = nowMillis / everyMillis;
        if (last != null && ByteBuffer.wrap(last).getLong() >= now) {
            return OptionalLong.empty();
        }
        write(collection, now);
        return OptionalLong.of(now);
    }

    private void write(CollectionKey collection, long number) {
        store.put(
                PREFIX + collection,
                ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }
}
