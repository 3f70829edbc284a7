package io.palimpsest.ingest.revise;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.JsonSerde;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.stream.EventReader;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * Hop 4, the whole flow:
 *
 * <pre>
 * accepted  ─ read-accepted  ─┬─ revise ─ revised      one current revision per document
 * extracted ─ read-extracted ─┤
 *                             └─ dead-letter           unreadable
 * </pre>
 *
 * What becomes visible when:
 * <ul>
 *   <li>a delete, or properties of a document whose newest content is settled: at once;
 *   <li>new content: when its extraction ended, content and properties together, so that a revision never mixes two
 *       accepted states. Two exceptions keep what is safe above what is whole: principals that lose access (and a document
 *       that becomes sensitive) do not wait, the shown content is narrowed at once; and when extraction failed, the last
 *       good content stays, under the newest properties, with the error code;
 *   <li>failed before any good content: QUARANTINED. A later good result of the same version ends the quarantine;
 *   <li>results of content that is no longer the newest, or of a deleted document: never. A document that changes faster
 *       than it can be extracted shows its last settled state until it rests.
 * </ul>
 *
 * <p>Ordering and idempotency: results may come before their accepted record, twice, or late. Run with
 * {@code exactly_once_v2}. State is kept for ever (small once deleted), so revision numbers never restart; from it the topic of
 * revisions is filled again when that was lost ({@link LostRevisions}).
 */
public final class RevisionTopology {
    static final String DOCUMENTS = "revise-documents";
    /** Of the topic of revisions: the life that holds all that is shown. */
    static final String LIVES = "revise-lives";

    static final String REVISED = "revised";
    private static final String DEAD_LETTER = "dead-letter";

    private RevisionTopology() {}

    /**
     * @param onRefused told of each dead letter
     * @param life id of the topic of revisions, as it was last seen: see {@link LostRevisions}
     */
    public static Topology build(Consumer<ErrorCode> onRefused, Supplier<Optional<Uuid>> life) {
        Topology topology = new Topology();
        source(
                topology,
                "accepted",
                reader(
                        Topics.ACCEPTED,
                        new EventReader.Names<>(DocumentAccepted::key, DocumentAccepted::changeId),
                        onRefused));
        source(
                topology,
                "extracted",
                reader(
                        Topics.EXTRACTED,
                        new EventReader.Names<>(DocumentExtracted::key, DocumentExtracted::changeId),
                        onRefused));
        return topology.addProcessor("revise", () -> new RevisionProcessor(life), "read-accepted", "read-extracted")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(DOCUMENTS),
                                Topics.ACCEPTED.key(),
                                new JsonSerde<>(RevisionState.class)),
                        "revise")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(LIVES), Serdes.String(), Serdes.String()),
                        "revise")
                .addSink(
                        REVISED,
                        Topics.REVISED.name(),
                        Topics.REVISED.key().serializer(),
                        Topics.REVISED.value().serializer(),
                        "revise")
                .addSink(
                        DEAD_LETTER,
                        Topics.DEAD_LETTER.name(),
                        Topics.DEAD_LETTER.key().serializer(),
                        Topics.DEAD_LETTER.value().serializer(),
                        "read-accepted",
                        "read-extracted");
    }

    private static <V> EventReader<V> reader(
            Topic<DocumentKey, V> topic, EventReader.Names<V> names, Consumer<ErrorCode> onRefused) {
        return new EventReader<>(topic, names, event -> {}, onRefused, "revise", DEAD_LETTER);
    }

    private static void source(Topology topology, String name, EventReader<?> reader) {
        topology.addSource(
                        name,
                        Serdes.ByteArray().deserializer(),
                        Serdes.ByteArray().deserializer(),
                        reader.topic().name())
                .addProcessor("read-" + name, reader::processor, name);
    }
}
