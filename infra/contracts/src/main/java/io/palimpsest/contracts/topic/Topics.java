package io.palimpsest.contracts.topic;

import io.palimpsest.contracts.event.ChangeDropped;
import io.palimpsest.contracts.event.DeadLetter;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.event.FeedbackGiven;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.DocumentKey;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** The catalogue of topics. All document topics have the document key as key, and but for those of work the same number of partitions. */
public final class Topics {
    private static final int PARTITIONS = 4;
    private static final Serde<DocumentKey> DOCUMENT_KEY = new DocumentKeySerde();

    /** Where other systems produce CloudEvents of their own (structured or binary); the intake takes them from here. */
    public static final Topic<byte[], byte[]> INBOX = new Topic<>(
            "corpus.document.inbox.v1",
            Serdes.ByteArray(),
            Serdes.ByteArray(),
            PARTITIONS,
            Duration.ofDays(7),
            Topic.Cleanup.DELETE);

    public static final Topic<DocumentKey, DocumentChanged> CHANGED =
            document("corpus.document.changed.v1", DocumentChanged.class, Duration.ofDays(7), Topic.Cleanup.DELETE);
    public static final Topic<DocumentKey, DocumentAccepted> ACCEPTED =
            document("corpus.document.accepted.v1", DocumentAccepted.class, Duration.ofDays(7), Topic.Cleanup.DELETE);
    /** Extraction work, two lanes: a huge file does not hold up small ones. Read by share groups. */
    public static final Topic<DocumentKey, DocumentAccepted> EXTRACT_SMALL = work("corpus.document.extract-small.v1");

    public static final Topic<DocumentKey, DocumentAccepted> EXTRACT_LARGE = work("corpus.document.extract-large.v1");
    public static final Topic<DocumentKey, DocumentExtracted> EXTRACTED =
            document("corpus.document.extracted.v1", DocumentExtracted.class, Duration.ofDays(7), Topic.Cleanup.DELETE);
    public static final Topic<DocumentKey, DocumentRevised> REVISED =
            document("corpus.document.revised.v1", DocumentRevised.class, Duration.ofDays(30), Topic.Cleanup.COMPACT);
    public static final Topic<DocumentKey, DocumentIndexed> INDEXED =
            document("corpus.document.indexed.v1", DocumentIndexed.class, Duration.ofDays(7), Topic.Cleanup.DELETE);
    /** Changes that ended at the gate without effect: duplicates and stale ones. Keeps the counts adding up. */
    public static final Topic<DocumentKey, ChangeDropped> DROPPED =
            document("corpus.document.dropped.v1", ChangeDropped.class, Duration.ofDays(7), Topic.Cleanup.DELETE);

    public static final Topic<String, DeadLetter> DEAD_LETTER = new Topic<>(
            "corpus.document.dead-letter.v1",
            Serdes.String(),
            new JsonSerde<>(DeadLetter.class),
            1,
            Duration.ofDays(30),
            Topic.Cleanup.DELETE);
    public static final Topic<String, LedgerEntry> LEDGER_ENTRY = new Topic<>(
            "ledger.entry.v1",
            Serdes.String(),
            new JsonSerde<>(LedgerEntry.class),
            1,
            Duration.ofDays(365),
            Topic.Cleanup.DELETE);

    /** Key: the collection, {@code tenant/collection}. */
    public static final Topic<String, QueryServed> QUERY_SERVED =
            collection("retrieval.query.served.v1", QueryServed.class, Duration.ofDays(7));

    public static final Topic<String, FeedbackGiven> FEEDBACK_GIVEN =
            collection("feedback.given.v1", FeedbackGiven.class, Duration.ofDays(30));
    public static final Topic<String, DriftMeasured> DRIFT_MEASURED =
            collection("drift.measured.v1", DriftMeasured.class, Duration.ofDays(90));

    private Topics() {}

    public static List<Topic<?, ?>> all() {
        return List.of(
                INBOX,
                CHANGED,
                ACCEPTED,
                EXTRACT_SMALL,
                EXTRACT_LARGE,
                EXTRACTED,
                REVISED,
                INDEXED,
                DROPPED,
                DEAD_LETTER,
                LEDGER_ENTRY,
                QUERY_SERVED,
                FEEDBACK_GIVEN,
                DRIFT_MEASURED);
    }

    private static <V> Topic<String, V> collection(String name, Class<V> type, Duration retention) {
        return new Topic<>(name, Serdes.String(), new JsonSerde<>(type), PARTITIONS, retention, Topic.Cleanup.DELETE);
    }

    /**
     * One partition, which all members of a share group read: of several, each would have one member, and wait as long as
     * that member works.
     */
    private static Topic<DocumentKey, DocumentAccepted> work(String name) {
        return new Topic<>(
                name,
                DOCUMENT_KEY,
                new JsonSerde<>(DocumentAccepted.class),
                1,
                Duration.ofDays(30),
                Topic.Cleanup.DELETE);
    }

    private static <V> Topic<DocumentKey, V> document(
            String name, Class<V> type, Duration retention, Topic.Cleanup cleanup) {
        return new Topic<>(name, DOCUMENT_KEY, new JsonSerde<>(type), PARTITIONS, retention, cleanup);
    }
}
