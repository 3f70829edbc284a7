package io.palimpsest.index.embed;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

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

    private final DataSource database;

    public JdbcEmbeddingCache(DataSource database) {
        this.database = database;
    }

    @Override
    public Map<ContentHash, float[]> find(ModelId model, Collection<ContentHash> textHashes) {
        Map<ContentHash, float[]> found = new HashMap<>();
        if (textHashes.isEmpty()) {
            return found;
        }
        List<ContentHash> all = List.copyOf(textHashes);
        try (Connection connection = database.getConnection()) {
            for (int from = 0; from < all.size(); from += HASHES_PER_QUERY) {
                int to = Math.min(all.size(), from + HASHES_PER_QUERY);
                find(connection, model, all.subList(from, to), found);
            }
        } catch (SQLException e) {
            throw new PalimpsestException(ErrorCode.DATABASE_FAILED, "the embedding cache could not be read", e);
        }
        return found;
    }

    private static void find(
            Connection connection, ModelId model, List<ContentHash> hashes, Map<ContentHash, float[]> found)
            throws SQLException {
        String places = String.join(", ", Collections.nCopies(hashes.size(), "?"));
        String query =
                "SELECT text_hash, vector FROM embedding_cache WHERE model = ? AND text_hash IN (" + places + ")";
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, model.value());
            for (int i = 0; i < hashes.size(); i++) {
                statement.setBytes(i + 2, bytes(hashes.get(i)));
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(new ContentHash(HexFormat.of().formatHex(rows.getBytes(1))), decode(rows.getBytes(2)));
                }
            }
        }
    }

    @Override
    public void put(ModelId model, Map<ContentHash, float[]> vectors) {
        if (vectors.isEmpty()) {
            return;
        }
        try (Connection connection = database.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
                for (Map.Entry<ContentHash, float[]> entry : vectors.entrySet()) {
                    statement.setString(1, model.value());
                    statement.setBytes(2, bytes(entry.getKey()));
                    statement.setBytes(3, encode(entry.getValue()));
                    statement.addBatch();
                }
                statement.executeBatch();
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException e) {
            throw new PalimpsestException(ErrorCode.DATABASE_FAILED, "the embedding cache could not be written", e);
        }
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
