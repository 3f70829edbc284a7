package io.palimpsest.bridges.lineage;

import io.palimpsest.bridges.BridgeState;
import io.palimpsest.bridges.LedgerFollower;
import io.palimpsest.bridges.TopicFollower;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.config.LineageSettings;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.registry.RegistryTables;
import java.util.List;

/**
 * OpenLineage events, over HTTP or to a topic.
 *
 * <p>Ordering and idempotency: at least once; ids of runs are made of our ids, so that an event sent again is the same event. Failure: what
 * cannot be sent waits in its topic.
 */
public final class LineageBridge implements AutoCloseable {
    static final String GROUP = "lineage";

    private final EventSender sender;
    private final LedgerFollower ledger;
    private final IngestionFollower ingestion;

    public LineageBridge(LineageSettings settings, KafkaClients kafka, RegistryTables tables, BridgeState state) {
        this.sender = settings.transport() == LineageSettings.Transport.KAFKA
                ? new KafkaEventSender(settings, kafka, state)
                : new HttpEventSender(settings, state);
        LineageEvents events = new LineageEvents(settings.namespace());
        this.ledger = new LedgerFollower(GROUP, kafka, new LineageTeller(tables, events, sender), state);
        this.ingestion = new IngestionFollower(events, sender, state, settings.window(), kafka);
    }

    public void start() {
        ledger.start();
        ingestion.start();
    }

    /** Whose lag is told. */
    public static List<FollowedGroup> groups() {
        return List.of(
                TopicFollower.group(GROUP, Topics.LEDGER_ENTRY),
                TopicFollower.group(IngestionFollower.GROUP, Topics.ACCEPTED));
    }

    @Override
    public void close() {
        ingestion.close();
        ledger.close();
        sender.close();
    }
}
