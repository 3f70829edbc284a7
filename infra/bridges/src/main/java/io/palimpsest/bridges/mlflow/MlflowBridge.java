package io.palimpsest.bridges.mlflow;

import io.palimpsest.bridges.BridgeState;
import io.palimpsest.bridges.LedgerFollower;
import io.palimpsest.bridges.TopicFollower;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.config.MlflowSettings;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.registry.RegistryTables;
import io.palimpsest.platform.registry.RunEvaluations;
import java.util.List;

/**
 * Registers runs and models in an MLflow server.
 *
 * <p>Ordering and idempotency: at least once, in the ledger's order; what is there already is found by its tag and not made again. Failure:
 * what the server did not take waits in the topic.
 */
public final class MlflowBridge implements AutoCloseable {
    private static final String GROUP = "mlflow";

    private final MlflowServer server;
    private final LedgerFollower ledger;

    public MlflowBridge(
            MlflowSettings settings,
            KafkaClients kafka,
            RegistryTables tables,
            RunEvaluations evaluations,
            BridgeState state) {
        this.server = new MlflowServer(settings);
        this.ledger =
                new LedgerFollower(GROUP, kafka, new MlflowTeller(server, settings, tables, evaluations, state), state);
    }

    public void start() {
        ledger.start();
    }

    /** Whose lag is told. */
    public static List<FollowedGroup> groups() {
        return List.of(TopicFollower.group(GROUP, Topics.LEDGER_ENTRY));
    }

    @Override
    public void close() {
        ledger.close();
        server.close();
    }
}
