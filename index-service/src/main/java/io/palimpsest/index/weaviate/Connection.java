package io.palimpsest.index.weaviate;

import io.palimpsest.platform.config.WeaviateSettings;
import io.weaviate.client6.v1.api.Authentication;
import io.weaviate.client6.v1.api.Config;
import io.weaviate.client6.v1.api.WeaviateClient;
import io.weaviate.client6.v1.api.collections.CollectionConfig;
import io.weaviate.client6.v1.api.collections.CollectionHandle;
import io.weaviate.client6.v1.api.collections.tenants.Tenant;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The client and what it is connected to: a new client is taken when the connection was lost, collections are made and
 * dropped. Threading: any.
 */
final class Connection implements AutoCloseable {
    /** A lost channel of the client waits up to two minutes before it looks for the server again; a new client does not. */
    private static final long RECONNECT_PAUSE_NANOS = Duration.ofMillis(500).toNanos();

    private volatile WeaviateClient client;
    private long reconnected = System.nanoTime();
    private boolean closed;
    private final WeaviateSettings settings;
    private final Failures failures;
    private final Attempts attempts;

    private Connection(WeaviateClient client, WeaviateSettings settings, Failures failures) {
        this.client = client;
        this.settings = settings;
        this.failures = failures;
        this.attempts = new Attempts(settings.attempts(), failures, this::reconnect);
    }

    static Connection open(WeaviateSettings settings) {
        Failures failures = new Failures(settings.address());
        Attempts attempts = new Attempts(settings.attempts(), failures, () -> {});
        WeaviateClient client = attempts.of("connecting", () -> new WeaviateClient(config(settings)));
        Connection connection = new Connection(client, settings, failures);
        try {
            ServerVersion.check(
                    attempts.of("asking for the version", client::meta).version(), failures);
            IndexingMode.check(settings, attempts, failures);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** Takes a new client where the server answers again. */
    private synchronized void reconnect() {
        if (closed || System.nanoTime() - reconnected < RECONNECT_PAUSE_NANOS) {
            return;
        }
        reconnected = System.nanoTime();
        WeaviateClient old = client;
        try {
            client = new WeaviateClient(config(settings));
        } catch (RuntimeException e) {
            return; // still away: the attempt that found out reports it
        }
        close(old);
    }

    private static Config config(WeaviateSettings settings) {
        return Config.of(custom -> {
            custom.scheme(settings.tls() ? "https" : "http")
                    .httpHost(settings.host())
                    .httpPort(settings.httpPort())
                    .grpcHost(settings.grpcHost())
                    .grpcPort(settings.grpcPort());
            if (settings.key().isPresent()) {
                custom.authentication(Authentication.apiKey(settings.key().value()));
            }
            return custom.timeout(Math.toIntExact(Math.max(1, settings.timeout().toSeconds())));
        });
    }

    WeaviateSettings settings() {
        return settings;
    }

    Failures failures() {
        return failures;
    }

    Attempts attempts() {
        return attempts;
    }

    CollectionHandle<Map<String, Object>> use(Place place) {
        CollectionHandle<Map<String, Object>> handle = client.collections.use(place.collection());
        return place.tenant() == null ? handle : handle.withTenant(place.tenant());
    }

    /** Makes a collection; one that is there already has to be the same. */
    void ensure(Schema.Table table) {
        attempts.of("making collection " + table.name(), () -> {
            if (!client.collections.exists(table.name())) {
                try {
                    client.collections.create(Shapes.config(table, settings));
                } catch (Exception e) {
                    if (!client.collections.exists(table.name())) {
                        throw e;
                    } // another process was faster
                }
            }
            client.collections.getConfig(table.name()).ifPresent(found -> Shapes.check(table, found, failures));
            return true;
        });
    }

    void ensureTenant(String collection, String tenant) {
        attempts.of("making a tenant of " + collection, () -> {
            CollectionHandle<Map<String, Object>> handle = client.collections.use(collection);
            if (!handle.tenants.exists(tenant)) {
                handle.tenants.create(Tenant.active(tenant));
            }
            return true;
        });
    }

    /** Of a collection; empty where there is no such collection. */
    Optional<CollectionConfig> config(String collection) {
        return attempts.of("looking for collection " + collection, () -> client.collections.getConfig(collection));
    }

    boolean hasTenant(String collection, String tenant) {
        return attempts.of(
                "looking for a tenant of " + collection,
                () -> client.collections.use(collection).tenants.exists(tenant));
    }

    void drop(String collection) {
        attempts.of("dropping collection " + collection, () -> {
            client.collections.delete(collection);
            return true;
        });
    }

    @Override
    public synchronized void close() {
        closed = true;
        close(client);
    }

    private void close(WeaviateClient done) {
        try {
            done.close();
        } catch (Exception e) {
            throw failures.exception(failures.of(e), "closing", 1, e);
        }
    }
}
