package io.palimpsest.bridges;

import io.palimpsest.bridges.lineage.LineageBridge;
import io.palimpsest.bridges.mlflow.MlflowBridge;
import io.palimpsest.platform.closing.Closing;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.registry.RegistryTables;
import io.palimpsest.platform.registry.RunEvaluations;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bridges that the settings name, none by default. Threading: start and close once; one process of all at a time.
 */
public final class BridgesApp implements AutoCloseable {
    private final Closing closing;
    private final Optional<LineageBridge> lineage;
    private final Optional<MlflowBridge> mlflow;
    private final List<FollowedGroup> groups = new ArrayList<>();

    /** What bridges stand on; all of it the caller's to close. */
    public record Parts(
            Settings settings, KafkaClients kafka, Sql sql, ContentStore store, Telemetry telemetry, Health health) {}

    public static BridgesApp of(Parts parts) {
        return Closing.making(closing -> new BridgesApp(parts, closing));
    }

    private BridgesApp(Parts parts, Closing closing) {
        this.closing = closing;
        RegistryTables tables = new RegistryTables(parts.sql());
        if (parts.settings().lineage().isOn()) {
            lineage = Optional.of(closing.add(
                    new LineageBridge(parts.settings().lineage(), parts.kafka(), tables, state("lineage", parts))));
            groups.addAll(LineageBridge.groups());
        } else {
            lineage = Optional.empty();
        }
        if (parts.settings().mlflow().uri().isPresent()) {
            mlflow = Optional.of(closing.add(new MlflowBridge(
                    parts.settings().mlflow(),
                    parts.kafka(),
                    tables,
                    new RunEvaluations(parts.sql(), parts.store()),
                    state("mlflow", parts))));
            groups.addAll(MlflowBridge.groups());
        } else {
            mlflow = Optional.empty();
        }
    }

    private static BridgeState state(String bridge, Parts parts) {
        BridgeState state = new BridgeState(bridge, parts.telemetry());
        parts.health().register(bridge, state::health);
        return state;
    }

    public void start() {
        lineage.ifPresent(LineageBridge::start);
        mlflow.ifPresent(MlflowBridge::start);
    }

    /** Whose lag is told. */
    public List<FollowedGroup> groups() {
        return List.copyOf(groups);
    }

    @Override
    public void close() {
        closing.closeTogether();
    }
}
