package io.palimpsest.retrain.drift.stream;

import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * Hop 8, the whole flow:
 *
 * <pre>
 * query.served ── measure-queries ──┬─ measured   six signals of each window of n, 2n and 4n queries; of each self-test
 * feedback.given ─ measure-feedback ┘             one signal of each window of feedback; of each self-test
 * </pre>
 *
 * <p>Left out: probes, late feedback, what comes again, and what cannot be read (it is logged). Ordering and idempotency: run with
 * {@code exactly_once_v2}; a window's measurements are in one transaction with the state that numbers it, so there is one per signal
 * and window id, whatever is killed. State per collection: some counts, four windows' samples of embeddings, and the last 4,096
 * query ids; 400 KiB at 384 dimensions.
 */
public final class DriftTopology {
    static final String WINDOWS = "drift-windows";
    static final String EMBEDDINGS = "drift-embeddings";
    static final String SEEN_QUERIES = "drift-seen-queries";
    static final String FEEDBACK = "drift-feedback";
    static final String SEEN_FEEDBACK = "drift-seen-feedback";
    static final String MEASURED = "measured";
    /** How often windows are looked at that no query ends. */
    static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final String QUERIES_IN = "queries";
    private static final String FEEDBACK_IN = "feedback";
    private static final String MEASURE_QUERIES = "measure-queries";
    private static final String MEASURE_FEEDBACK = "measure-feedback";

    private DriftTopology() {}

    public static Topology build(DriftRules rules, References references) {
        Topology topology = new Topology();
        source(topology, QUERIES_IN, Topics.QUERY_SERVED);
        source(topology, FEEDBACK_IN, Topics.FEEDBACK_GIVEN);
        topology.addProcessor(MEASURE_QUERIES, () -> new QueryMeasurer(rules, references), QUERIES_IN)
                .addProcessor(MEASURE_FEEDBACK, () -> new FeedbackMeasurer(rules, references), FEEDBACK_IN)
                .addSink(
                        MEASURED,
                        Topics.DRIFT_MEASURED.name(),
                        Topics.DRIFT_MEASURED.key().serializer(),
                        Topics.DRIFT_MEASURED.value().serializer(),
                        MEASURE_QUERIES,
                        MEASURE_FEEDBACK);
        store(topology, WINDOWS, MEASURE_QUERIES);
        store(topology, EMBEDDINGS, MEASURE_QUERIES);
        store(topology, SEEN_QUERIES, MEASURE_QUERIES);
        store(topology, FEEDBACK, MEASURE_FEEDBACK);
        store(topology, SEEN_FEEDBACK, MEASURE_FEEDBACK);
        return topology;
    }

    private static void source(Topology topology, String name, Topic<?, ?> topic) {
        topology.addSource(
                name, Serdes.String().deserializer(), Serdes.ByteArray().deserializer(), topic.name());
    }

    /** Cached: a window changes with each query, and is written once for each commit. */
    private static void store(Topology topology, String name, String processor) {
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                        .withCachingEnabled(),
                processor);
    }
}
