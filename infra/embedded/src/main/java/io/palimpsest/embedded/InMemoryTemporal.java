package io.palimpsest.embedded;

import io.grpc.ManagedChannel;
import io.temporal.testserver.TestServer;

/**
 * A Temporal server in this JVM, in real time, without a port. It has no schedules, no lists of workflows and no UI, and
 * forgets everything with the JVM: whoever uses it records by itself what is done.
 */
public final class InMemoryTemporal implements AutoCloseable {
    /** The only namespace it has. */
    public static final String NAMESPACE = "default";

    private final TestServer.InProcessTestServer server;

    private InMemoryTemporal(TestServer.InProcessTestServer server) {
        this.server = server;
    }

    public static InMemoryTemporal start() {
        return new InMemoryTemporal(TestServer.createServer(true)); // true: time is not skipped
    }

    /** For clients and workers in this JVM; lives as long as the server. */
    public ManagedChannel channel() {
        return server.getChannel();
    }

    @Override
    public void close() {
        server.close();
    }
}
