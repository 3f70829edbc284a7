package io.palimpsest.bridges.lineage;

import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineageClient;
import io.openlineage.client.OpenLineageClientException;
import io.openlineage.client.transports.ApiKeyTokenProvider;
import io.openlineage.client.transports.HttpConfig;
import io.openlineage.client.transports.HttpTransport;
import io.openlineage.client.transports.HttpTransportResponseException;
import io.palimpsest.bridges.BridgeState;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.LineageSettings;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Over HTTP, one request an event. An event that the server calls wrong is logged and left out: it would be wrong for ever. */
final class HttpEventSender implements EventSender {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEventSender.class);
    /** Bad request, content too large, unprocessable. */
    private static final Set<Integer> WRONG = Set.of(400, 413, 422);

    private final OpenLineageClient client;
    private final BridgeState state;

    HttpEventSender(LineageSettings settings, BridgeState state) {
        HttpConfig config = new HttpConfig();
        config.setUrl(settings.url().orElseThrow());
        config.setTimeoutInMillis(Math.toIntExact(settings.timeout().toMillis()));
        if (settings.key().isPresent()) {
            ApiKeyTokenProvider key = new ApiKeyTokenProvider();
            key.setApiKey(settings.key().value());
            config.setAuth(key);
        }
        this.client = new OpenLineageClient(new HttpTransport(config));
        this.state = state;
    }

    @Override
    public void send(List<RunEvent> events) {
        events.forEach(this::send);
    }

    private void send(RunEvent event) {
        try {
            client.emit(event);
            state.taken(1);
        } catch (HttpTransportResponseException e) {
            if (!WRONG.contains(e.getStatusCode())) {
                throw unavailable("it answered " + e.getStatusCode(), e);
            }
            state.refused();
            LOG.atError()
                    .addKeyValue("errorCode", ErrorCode.LINEAGE_UNAVAILABLE.id())
                    .log(
                            "the lineage server answered {} to the event of run {}: it is left out",
                            e.getStatusCode(),
                            event.getRun().getRunId());
        } catch (OpenLineageClientException e) {
            throw unavailable("it did not answer", e);
        }
    }

    private static PalimpsestException unavailable(String why, Exception cause) {
        return new PalimpsestException(
                ErrorCode.LINEAGE_UNAVAILABLE, "the lineage server did not take an event: " + why, cause);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (Exception e) {
            LOG.atDebug().setCause(e).log("the lineage client did not close");
        }
    }
}
