package io.palimpsest.testkit.engine;

import java.util.Optional;
import org.testcontainers.containers.GenericContainer;

/**
 * A server that answers. One given by address is left as it is on close; one in a container ends with it.
 *
 * <p><b>Ordering:</b> tests of a JVM share an engine, so each takes names (topic, collection, bucket, database) of its own.
 */
public sealed interface Engine extends AutoCloseable
        permits KafkaEngine, PostgresEngine, WeaviateEngine, TemporalEngine, S3Engine {

    /** What to pause, kill or look into; empty when the engine was given by address. */
    Optional<GenericContainer<?>> container();

    @Override
    default void close() {
        container().ifPresent(GenericContainer::stop);
    }
}
