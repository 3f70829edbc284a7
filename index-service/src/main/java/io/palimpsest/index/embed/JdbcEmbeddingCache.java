package io.palimpsest.index.embed;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.database.Sql;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Keeps vectors in the table {@code embedding_cache} of SQLite or PostgreSQL.
 *
 * <p>Format: {@code text_hash} is the 32 bytes of the SHA-256, {@code vector} 4 bytes a value, IEEE 754 little-endian.
 */
public final class JdbcEmbeddingCache implements EmbeddingCache {
    /** Below the number of parameters that every SQLite version takes (999). */
    private static final int HASHES_PER_QUERY = 500;

    private static final String UPSERT = "INSERT INTO embedding_cache (model, text_hash, vector) VALUES (?, ?, ?)"
            + " ON CONFLICT (model, text_hash) DO UPDATE SET vector = excluded.vector";

    private final Sql sql;

    public JdbcEmbeddingCache(Sql sql) {
        this.sql = sql;
    }

    @Override
    public Map<ContentHash, float[]> find(ModelId model, Collection<ContentHash> textHashes) {
        Map<ContentHash, float[]> found = new HashMap<>();
        parts(textHashes).forEach(hashes -> find(model, hashes, found));
        return found;
    }

    private static Stream<List<ContentHash>> parts(Collection<ContentHash> textHashes) {
        List<ContentHash> all = List.copyOf(textHashes);
        return IntStream.iterate(0, from -> from < all.size(), from -> from + HASHES_PER_QUERY)
                .mapToObj(from -> all.subList(from, Math.min(all.size(), from + HASHES_PER_QUERY)));
    }

    private static String places(List<ContentHash> hashes) {
        return String.join(", ", Collections.nCopies(hashes.size(), "?"));
    }

    private void find(ModelId model, List<ContentHash> hashes, Map<ContentHash, float[]> found) {
        sql.query(
                        "SELECT text_hash, vector FROM embedding_cache WHERE model = ? AND text_hash IN ("
                                + places(hashes) + ")",
                        row -> Map.entry(
                                new ContentHash(HexFormat.of().formatHex(row.getBytes(1))), decode(row.getBytes(2))),
                        Stream.concat(Stream.of(model.value()), hashes.stream().map(JdbcEmbeddingCache::bytes))
                                .toArray())
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
    }

    @Override
    public void put(ModelId model, Map<ContentHash, float[]> vectors) {
        if (vectors.isEmpty()) {
            return;
        }
        List<Object[]> rows = vectors.entrySet().stream()
                // In one order: two writers that meet in two rows would each wait for the other.
                .sorted(Comparator.comparing(entry -> entry.getKey().value()))
                .map(entry -> new Object[] {model.value(), bytes(entry.getKey()), encode(entry.getValue())})
                .toList();
        sql.inTransaction(transaction -> {
            transaction.updateAll(UPSERT, rows);
            return rows.size();
        });
    }

    @Override
    public long remove(Collection<ContentHash> textHashes) {
        return parts(textHashes)
                .mapToLong(hashes -> sql.update(
                        "DELETE FROM embedding_cache WHERE text_hash IN (" + places(hashes) + ")", values(hashes)))
                .sum();
    }

    @Override
    public long count(Collection<ContentHash> textHashes) {
        return parts(textHashes)
                .mapToLong(hashes -> sql.first(
                                "SELECT COUNT(*) FROM embedding_cache WHERE text_hash IN (" + places(hashes) + ")",
                                row -> row.getLong(1),
                                values(hashes))
                        .orElse(0L))
                .sum();
    }

    private static Object[] values(List<ContentHash> hashes) {
        return hashes.stream().map(JdbcEmbeddingCache::bytes).toArray();
    }

    private static byte[] bytes(ContentHash hash) {
        return HexFormat.of().parseHex(hash.value());
    }

    static byte[] encode(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    /** Bytes left over at the end give a shorter vector, which the reader refuses by its length. */
    static float[] decode(byte[] bytes) {
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }
}
