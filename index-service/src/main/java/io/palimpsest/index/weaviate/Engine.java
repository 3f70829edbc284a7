package io.palimpsest.index.weaviate;

import io.palimpsest.platform.config.WeaviateSettings;

/** A server to work with. Threading: any. */
final class Engine implements AutoCloseable {
    /** What a server gives at most for one query, unless it is configured otherwise. */
    static final int MAX_RESULTS = 10_000;

    /** Objects named in one request. Arbitrary. */
    static final int ID_CHUNK = 500;

    private final Connection connection;
    private final Together together = new Together();
    private final Reads reads;
    private final Writes writes;

    /** @param connection closed with this */
    Engine(Connection connection) {
        this.connection = connection;
        this.reads = new Reads(connection);
        this.writes = new Writes(connection, reads, together);
    }

    Connection connection() {
        return connection;
    }

    Reads reads() {
        return reads;
    }

    Writes writes() {
        return writes;
    }

    Together together() {
        return together;
    }

    Attempts attempts() {
        return connection.attempts();
    }

    WeaviateSettings settings() {
        return connection.settings();
    }

    String address() {
        return settings().address();
    }

    @Override
    public void close() {
        together.close();
        connection.close();
    }
}
