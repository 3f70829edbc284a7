package io.palimpsest.bridges;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How a bridge is doing. It is always ready: this process does its work also where the server elsewhere is away; what its health says
 * names the trouble.
 *
 * <p>Threading: safe.
 */
public final class BridgeState {
    private final String bridge;
    private final Telemetry telemetry;
    private final AtomicReference<@Nullable PalimpsestException> trouble = new AtomicReference<>();

    /** @param bridge name in health and metrics */
    public BridgeState(String bridge, Telemetry telemetry) {
        this.bridge = bridge;
        this.telemetry = telemetry;
    }

    public void taken(int events) {
        trouble.set(null);
        telemetry.count(Metric.BRIDGE_SENT, events, bridge, "taken");
    }

    public void failed(PalimpsestException failure) {
        trouble.set(failure);
        telemetry.count(Metric.BRIDGE_SENT, bridge, "failed");
    }

    /** The server will never take it: nothing waits for it. */
    public void refused() {
        telemetry.count(Metric.BRIDGE_SENT, bridge, "refused");
    }

    public void unreadable() {
        telemetry.count(Metric.BRIDGE_UNREADABLE, bridge);
    }

    Health.State health() {
        PalimpsestException failure = trouble.get();
        return failure == null
                ? Health.State.up()
                : new Health.State(
                        true, failure.code().id() + ": " + failure.code().hint());
    }
}
