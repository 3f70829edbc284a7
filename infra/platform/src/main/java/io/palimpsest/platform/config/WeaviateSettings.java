package io.palimpsest.platform.config;

import java.time.Duration;

/**
 * A Weaviate server as the index.
 *
 * @param grpcHost where gRPC is served; the same as {@code host} but for managed services
 * @param prefix begins the names of all collections, so that several platforms can share a server
 * @param timeout of one request
 * @param attempts of one request, the first included
 * @param batch objects sent at a time
 * @param ef size of the dynamic list at search; -1 = chosen by the server
 * @param replication copies of each generation in the cluster
 */
public record WeaviateSettings(
        String host,
        int httpPort,
        String grpcHost,
        int grpcPort,
        boolean tls,
        Secret key,
        String prefix,
        Duration timeout,
        int attempts,
        int batch,
        int maxConnections,
        int efConstruction,
        int ef,
        Quantisation quantisation,
        int replication) {
    /** How vectors are compressed in the graph; hits are always rescored with the vectors themselves. */
    public enum Quantisation {
        NONE,
        /** Rotational, 8 bits. */
        RQ,
        /** Scalar, 8 bits, trained by the server. */
        SQ,
        /** Binary. */
        BQ
    }

    static void define(Definition definition) {
        definition
                .group("Weaviate")
                .text("index.weaviate.host", "127.0.0.1", "Host of the Weaviate server, for index.engine = weaviate.")
                .integer("index.weaviate.http.port", 8_080, 1, 65_535, "Port of its REST interface.")
                .text("index.weaviate.grpc.host", "", "Host of its gRPC interface. Empty: index.weaviate.host.")
                .integer("index.weaviate.grpc.port", 50_051, 1, 65_535, "Port of its gRPC interface.")
                .flag("index.weaviate.tls", false, "Whether both interfaces speak TLS.")
                .secret("index.weaviate.key", "API key of the server. Empty: anonymous.")
                .text(
                        "index.weaviate.prefix",
                        "Palimpsest",
                        "Begins the names of all collections: a capital letter, then letters and digits, 40 at most."
                                + " Platforms that share a server need different ones.")
                .duration("index.weaviate.timeout", "PT30S", "How long one request may take.")
                .integer(
                        "index.weaviate.attempts",
                        5,
                        1,
                        100,
                        "Attempts of one request where another one can help, with growing pauses.")
                .integer("index.weaviate.batch", 200, 1, 10_000, "Objects sent at a time.")
                .integer(
                        "index.weaviate.hnsw.max.connections",
                        32,
                        4,
                        2_047,
                        "Neighbours of a vector in the graph, for new generations.")
                .integer(
                        "index.weaviate.hnsw.ef.construction",
                        128,
                        4,
                        4_096,
                        "Candidates looked at when a vector is added, for new generations.")
                .integer(
                        "index.weaviate.hnsw.ef",
                        -1,
                        -1,
                        4_096,
                        "Candidates looked at by a search, for new generations; -1: chosen by the server.")
                .choice(
                        "index.weaviate.quantisation",
                        "none",
                        "Compression of vectors in the graph, for new generations: none, rq, sq or bq. Hits are rescored"
                                + " with the whole vectors.",
                        "none",
                        "rq",
                        "sq",
                        "bq")
                .integer(
                        "index.weaviate.replication",
                        1,
                        1,
                        16,
                        "Copies of a new generation among the servers of a cluster.");
    }

    static WeaviateSettings of(Values values) {
        String host = values.text("index.weaviate.host");
        return new WeaviateSettings(
                host,
                values.integer("index.weaviate.http.port"),
                values.optional("index.weaviate.grpc.host").orElse(host),
                values.integer("index.weaviate.grpc.port"),
                values.flag("index.weaviate.tls"),
                values.secret("index.weaviate.key"),
                values.text("index.weaviate.prefix"),
                values.duration("index.weaviate.timeout"),
                values.integer("index.weaviate.attempts"),
                values.integer("index.weaviate.batch"),
                values.integer("index.weaviate.hnsw.max.connections"),
                values.integer("index.weaviate.hnsw.ef.construction"),
                values.integer("index.weaviate.hnsw.ef"),
                Quantisation.valueOf(values.text("index.weaviate.quantisation").toUpperCase(java.util.Locale.ROOT)),
                values.integer("index.weaviate.replication"));
    }

    /** Whether it can begin the name of a collection. */
    static boolean isPrefix(String text) {
        return text.matches("[A-Z][A-Za-z0-9]{0,39}");
    }

    /** Where it is, for messages. */
    public String address() {
        return (tls ? "https://" : "http://") + host + ":" + httpPort + " (gRPC " + grpcHost + ":" + grpcPort + ")";
    }
}
