package io.palimpsest.platform.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.json.JavalinJackson;
import io.javalin.util.JavalinBindException;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.platform.config.HttpSettings;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.security.BindGuard;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Javalin on virtual threads: the parts' routes, {@code /health/live}, {@code /health/ready} and {@code /metrics}.
 *
 * <p>Failure: {@link ErrorCode#PORT_TAKEN}; {@link ErrorCode#CONFIG_INVALID} for what {@link BindGuard} refuses.
 */
public final class ApiServer implements AutoCloseable {
    private final HttpSettings settings;
    private final Javalin javalin;

    /** @param refusals told of each request that was turned away for who sent it */
    public ApiServer(
            HttpSettings settings,
            ApiKeys keys,
            Telemetry telemetry,
            Health health,
            List<? extends Routes> routes,
            Consumer<RefusedRequest> refusals) {
        BindGuard.check(settings);
        this.settings = settings;
        RequestFrame frame = new RequestFrame(keys, telemetry, refusals);
        this.javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.concurrency.useVirtualThreads = true;
            config.http.maxRequestSize = settings.maxBodyBytes();
            config.http.defaultContentType = "application/json";
            config.jsonMapper(new JavalinJackson(Json.mapper(), true));
            listen(config);
            frame.register(config.routes);
            new OperatorRoutes(health, telemetry).register(config.routes);
            routes.forEach(part -> part.register(config.routes));
        });
    }

    public ApiServer start() {
        try {
            javalin.start();
            return this;
        } catch (JavalinBindException e) {
            throw new PalimpsestException(
                    ErrorCode.PORT_TAKEN, settings.host() + ":" + settings.port() + " is taken by another process", e);
        }
    }

    /** The port it listens on, also where any free one was asked for. */
    public int port() {
        return javalin.port();
    }

    /** {@code http://127.0.0.1:8080}. */
    public String address() {
        String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        return (settings.tlsKeystore().isPresent() ? "https://" : "http://") + host + ":" + port();
    }

    @Override
    public void close() {
        javalin.stop();
    }

    private void listen(JavalinConfig config) {
        config.jetty.host = settings.host();
        config.jetty.port = settings.port();
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        settings.tlsKeystore()
                .ifPresent(keystore -> config.jetty.addConnector((server, http) -> {
                    ServerConnector connector =
                            new ServerConnector(server, tls(keystore), new HttpConnectionFactory(secure(http)));
                    connector.setHost(settings.host());
                    connector.setPort(settings.port());
                    return connector;
                }));
    }

    private SslContextFactory.Server tls(Path keystore) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(keystore.toString());
        tls.setKeyStoreType("PKCS12");
        tls.setKeyStorePassword(settings.tlsPassword().value());
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        return tls;
    }

    private static HttpConfiguration secure(HttpConfiguration http) {
        HttpConfiguration secure = new HttpConfiguration(http);
        // Certificates of test machines name localhost; the check of the SNI host is the client's.
        secure.addCustomizer(new SecureRequestCustomizer(false));
        return secure;
    }
}
