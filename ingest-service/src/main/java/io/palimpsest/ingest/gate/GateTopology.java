package io.palimpsest.ingest.gate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.contracts.topic.JsonSerde;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.stream.EventReader;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * Hop 2, the whole flow:
 *
 * <pre>
 * changed ─ read ─┬─ gate ─┬─ accepted        every change that takes effect, with the state after it
 *                 │        ├─ extract-small   effect CONTENT
 *                 │        ├─ extract-large   effect CONTENT, known to be large
 *                 │        ├─ ledger          CHANGE_ACCEPTED
 *                 │        ├─ dropped         duplicate or stale
 *                 │        └─ dead-letter     from another source than the document's owner
 *                 └─ dead-letter              unreadable or invalid
 * </pre>
 *
 * <p>Ordering and idempotency: run with {@code exactly_once_v2}; all outputs of a change are in one transaction with the
 * state. The accepted state does not depend on the order of arrival where sources number their changes; others are taken in
 * order of arrival.
 */
public final class GateTopology {
    static final String DOCUMENTS = "gate-documents";
    static final String TOMBSTONES = "gate-tombstones";
    static final String SEEN = "gate-seen";
    /** Arbitrary: how often old tombstones are looked for. */
    static final Duration FORGET_EVERY = Duration.ofMinutes(10);

    private GateTopology() {}

    public static Topology build(
            GateRules rules, GateCounters counters, Function<DocumentAccepted, LedgerEntry> ledgerEntries) {
        EventReader<DocumentChanged> reader = new EventReader<>(
                Topics.CHANGED,
                new EventReader.Names<>(DocumentChanged::key, DocumentChanged::changeId),
                GateTopology::check,
                code -> counters.refused("", code),
                "gate",
                GateProcessor.DEAD_LETTER);
        Topology topology = new Topology();
        topology.addSource(
                        "changed",
                        Serdes.ByteArray().deserializer(),
                        Serdes.ByteArray().deserializer(),
                        Topics.CHANGED.name())
                .addProcessor("read", reader::processor, "changed")
                .addProcessor("gate", () -> new GateProcessor(rules, counters, ledgerEntries), "read");
        sink(topology, GateProcessor.ACCEPTED, Topics.ACCEPTED, "gate");
        sink(topology, GateProcessor.EXTRACT_SMALL, Topics.EXTRACT_SMALL, "gate");
        sink(topology, GateProcessor.EXTRACT_LARGE, Topics.EXTRACT_LARGE, "gate");
        sink(topology, GateProcessor.LEDGER, Topics.LEDGER_ENTRY, "gate");
        sink(topology, GateProcessor.DROPPED, Topics.DROPPED, "gate");
        sink(topology, GateProcessor.DEAD_LETTER, Topics.DEAD_LETTER, "read", "gate");
        return addStores(topology, rules);
    }

    private static Topology addStores(Topology topology, GateRules rules) {
        Duration remembered = rules.duplicateRetention();
        return topology.addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(DOCUMENTS),
                                Topics.CHANGED.key(),
                                new JsonSerde<>(DocumentState.class)),
                        "gate")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(TOMBSTONES), Serdes.String(), Topics.CHANGED.key()),
                        "gate")
                .addStateStore(
                        Stores.windowStoreBuilder(
                                Stores.persistentWindowStore(SEEN, remembered, remembered, false),
                                Serdes.String(),
                                Serdes.ByteArray()),
                        "gate");
    }

    private static <K, V> void sink(Topology topology, String name, Topic<K, V> topic, String... parents) {
        topology.addSink(
                name, topic.name(), topic.key().serializer(), topic.value().serializer(), parents);
    }

    private static void check(DocumentChanged change) {
        Position position = change.position();
        if (position != null && (position.epoch() < 0 || position.sequence() < 0)) {
            throw new PalimpsestException(ErrorCode.DATA_INVALID, "epoch and sequence must not be negative");
        }
        if (position != null && position.epoch() > Position.MAX_EPOCH) {
            throw new PalimpsestException(ErrorCode.DATA_INVALID, "epoch must be at most " + Position.MAX_EPOCH);
        }
        if (change.type().carriesContent() != (change.content() != null)) {
            throw new PalimpsestException(
                    ErrorCode.DATA_INVALID,
                    change.content() == null
                            ? "a full change without content"
                            : "content in a change that carries none");
        }
    }
}
