package io.palimpsest.ledger.sequence;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.security.LocalKey;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Follows {@link Topics#LEDGER_ENTRY} and appends what comes, several times a second while there is news.
 *
 * <p>Ordering and idempotency: positions are committed after entries are in the log. Failure: reads again from the last position;
 * what cannot be read as an entry becomes an entry that says so.
 */
public final class SequencerLoop implements AutoCloseable {
    private static final String GROUP = "ledger";
    private static final String ACTOR = "service:ledger";
    private static final ConsumerLoop.Pace PACE = new ConsumerLoop.Pace(
            GROUP,
            Duration.ofMillis(100),
            new BackOff(Duration.ofMillis(200), Duration.ofSeconds(10)),
            Duration.ofSeconds(10));
    /** Each publication waits for the disk about ten times, whatever its size; a checkpoint a second is what is promised. */
    private static final Duration BETWEEN = Duration.ofMillis(250);

    private static final int MOST = 5_000;
    /** Bytes; less than a leaf may have, which is not longer than its entry by more than two commitments. */
    private static final int LONGEST = 64_000;

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final Sequencer sequencer;
    private final LedgerEntries entries;
    private final ConsumerLoop<String, byte[]> loop;

    /** @param entries makes those that speak of what cannot be read */
    public SequencerLoop(Sequencer sequencer, LedgerEntries entries, KafkaClients kafka, String instance) {
        this.sequencer = sequencer;
        this.entries = entries;
        this.loop = new ConsumerLoop<>(
                PACE,
                () -> new KafkaConsumer<>(
                        settings(kafka, instance), new StringDeserializer(), new ByteArrayDeserializer()),
                Following::new);
    }

    /** Whose lag is told. */
    public static FollowedGroup group() {
        return FollowedGroup.consumers("ledger", GROUP, Topics.LEDGER_ENTRY);
    }

    public void start() {
        loop.start();
    }

    public boolean healthy() {
        return loop.healthy();
    }

    @Override
    public void close() {
        loop.close();
    }

    private static Map<String, Object> settings(KafkaClients kafka, String instance) {
        Map<String, Object> settings = new HashMap<>(kafka.staticConsumer(GROUP, GROUP, instance));
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST);
        return settings;
    }

    private LedgerEntry entry(ConsumerRecord<String, byte[]> record) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        return read(value).orElseGet(() -> {
            String place = record.topic() + "/" + record.partition() + "/" + record.offset();
            return entries.entry(
                    LedgerEntry.Type.ENTRY_UNREADABLE,
                    Instant.ofEpochMilli(record.timestamp()),
                    ACTOR,
                    new LedgerEntries.Scope(LocalKey.TENANT, null),
                    place,
                    Map.of("record", place, "sha256", ContentHash.of(value).value()),
                    null);
        });
    }

    private static Optional<LedgerEntry> read(byte[] value) {
        try {
            LedgerEntry entry = Json.read(value, LedgerEntry.class);
            boolean isWhole = entry.type() != null
                    && entry.at() != null
                    && entry.actor() != null
                    && entry.tenant() != null
                    && isHash(entry.entryId())
                    && (entry.commitment() == null || isHash(entry.commitment()));
            return isWhole && value.length <= LONGEST ? Optional.of(entry) : Optional.empty();
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static boolean isHash(@Nullable String hex) {
        return hex != null && HASH.matcher(hex).matches();
    }

    private final class Following implements ConsumerLoop.Work<String, byte[]> {
        private final List<LedgerEntry> waiting = new ArrayList<>();
        private final Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        private long lastAppend = System.nanoTime() - BETWEEN.toNanos();

        @Override
        public void begin(Consumer<String, byte[]> consumer) {
            sequencer.begin();
            consumer.subscribe(List.of(Topics.LEDGER_ENTRY.name()));
        }

        @Override
        public void polled(ConsumerRecords<String, byte[]> records, Consumer<String, byte[]> consumer) {
            for (ConsumerRecord<String, byte[]> record : records) {
                waiting.add(entry(record));
            }
            positions.putAll(records.nextOffsets());
            boolean isTime = System.nanoTime() - lastAppend >= BETWEEN.toNanos();
            if (!positions.isEmpty() && (isTime || waiting.size() >= MOST)) {
                sequencer.append(waiting);
                consumer.commitSync(positions);
                waiting.clear();
                positions.clear();
                lastAppend = System.nanoTime();
            }
        }
    }
}
