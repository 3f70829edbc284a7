package io.palimpsest.platform.stream;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/**
 * Keeps each store small: Kafka's defaults (50 MB cache, 48 MB of write buffers, for every store and partition) would take
 * gigabytes. Public because Kafka makes it by its name.
 */
public final class SmallRocksDb implements RocksDBConfigSetter {
    private static final long CACHE_BYTES = 2 << 20; // arbitrary: some 24 stores in one JVM stay below 150 MB
    private static final long WRITE_BUFFER_BYTES = 2 << 20;

    /** Kafka makes one setter for each store it opens. */
    private @Nullable Cache cache;

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
            table.setCacheIndexAndFilterBlocks(true);
            cache = new LRUCache(CACHE_BYTES);
            table.setBlockCache(cache);
            options.setTableFormatConfig(table);
        }
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(2);
    }

    @Override
    public void close(String storeName, Options options) {
        if (cache != null) {
            cache.close();
        }
    }
}
