package io.palimpsest.standalone;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.platform.config.RetrainSettings;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.security.ServiceKeys;
import io.palimpsest.platform.security.TrustedServers;
import io.palimpsest.retrain.workflow.IndexApi;
import io.palimpsest.standalone.cli.OwnServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where the retrain service finds the index service: at the address of the settings, or in this process.
 *
 * <p>Threading: safe. Failure: INDEX_UNAVAILABLE before the server of this process runs; CONFIG_INVALID where the certificates
 * cannot be read.
 */
final class IndexService {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final RetrainSettings settings;
    private final ServiceKeys keys;
    private final AtomicReference<@Nullable URI> here = new AtomicReference<>();

    IndexService(RetrainSettings settings, ServiceKeys keys) {
        this.settings = settings;
        this.keys = keys;
    }

    /** The server of this process runs there. */
    void isHere(URI address) {
        here.set(address);
    }

    IndexApi.Access access(TenantId tenant) {
        URI own = here.get();
        URI base = settings.index().orElse(own);
        if (base == null) {
            throw new PalimpsestException(ErrorCode.INDEX_UNAVAILABLE, "this process has no server yet");
        }
        Secret given = settings.indexKey();
        return new IndexApi.Access(base, given.isPresent() ? given.value() : keys.key(tenant));
    }

    /** Of this process's own certificate, which need not have the name it is called by, nothing is asked. */
    HttpClient client() {
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(CONNECT);
        if (settings.index().isEmpty()) {
            client.sslContext(OwnServer.context());
        } else {
            settings.indexCaFile().map(TrustedServers::context).ifPresent(client::sslContext);
        }
        return client.build();
    }
}
