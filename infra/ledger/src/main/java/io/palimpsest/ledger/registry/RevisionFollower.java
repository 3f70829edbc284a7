package io.palimpsest.ledger.registry;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.registry.ArtifactKind;
import io.palimpsest.platform.registry.Registry;
import io.palimpsest.platform.retry.BackOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Follows revisions: an extractor and a passage policy are registered when the first one uses them, and counted by what the current
 * revisions of documents use.
 *
 * <p>Ordering and idempotency: by document, in the order of the topic; a revision read again writes the same row. Failure: begins again at
 * the last position.
 */
public final class RevisionFollower implements AutoCloseable {
    private static final String GROUP = "registry";
    private static final String ACTOR = "service:ingest";
    private static final ConsumerLoop.Pace PACE = new ConsumerLoop.Pace(
            GROUP,
            Duration.ofMillis(500),
            new BackOff(Duration.ofMillis(200), Duration.ofSeconds(10)),
            Duration.ofSeconds(5));

    private final Sql sql;
    private final Registry registry;
    private final Set<String> registered = new HashSet<>();
    private final ConsumerLoop<DocumentKey, DocumentRevised> loop;

    public RevisionFollower(Sql sql, Registry registry, KafkaClients kafka) {
        this.sql = sql;
        this.registry = registry;
        this.loop = new ConsumerLoop<>(
                PACE,
                () -> new KafkaConsumer<>(
                        kafka.consumer(GROUP, GROUP),
                        Topics.REVISED.key().deserializer(),
                        Topics.REVISED.value().deserializer()),
                Following::new);
    }

    /** Whose lag is told. */
    public static FollowedGroup group() {
        return FollowedGroup.consumers(GROUP, GROUP, Topics.REVISED);
    }

    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    /** Of each document what was said last. */
    void take(Map<DocumentKey, Optional<DocumentRevised>> last) {
        List<Object[]> made = new ArrayList<>();
        List<Object[]> gone = new ArrayList<>();
        last.forEach((key, revised) -> revised.flatMap(RevisionFollower::makers)
                .ifPresentOrElse(
                        by -> {
                            register(ArtifactKind.EXTRACTOR, by.extractor(), "fingerprint");
                            register(ArtifactKind.PASSAGE_POLICY, by.policy(), "policy");
                            made.add(new Object[] {
                                key.hash(),
                                key.tenant().value(),
                                key.collection().value(),
                                by.extractor(),
                                by.policy()
                            });
                        },
                        () -> gone.add(new Object[] {key.hash()})));
        Object unused = sql.inTransaction(transaction -> {
            transaction.updateAll("DELETE FROM revision_made_by WHERE document_hash = ?", gone);
            transaction.updateAll(
                    "INSERT INTO revision_made_by (document_hash, tenant, collection, extractor, policy) VALUES (?, ?, ?, ?, ?)"
                            + " ON CONFLICT (document_hash) DO UPDATE SET extractor = excluded.extractor,"
                            + " policy = excluded.policy",
                    made);
            return true;
        });
    }

    private record Makers(String extractor, String policy) {}

    /** Empty for a deleted document, and for one that no content has been extracted of. */
    private static Optional<Makers> makers(DocumentRevised revised) {
        ExtractorFingerprint extractor = revised.extractor();
        PassagePolicyId policy = revised.policy();
        return revised.state() == DocumentRevised.State.DELETED || extractor == null || policy == null
                ? Optional.empty()
                : Optional.of(new Makers(extractor.value(), policy.value()));
    }

    private void register(ArtifactKind kind, String id, String fact) {
        if (registered.add(id)) {
            registry.register(kind, id, Map.of(fact, id), ACTOR);
        }
    }

    private final class Following implements ConsumerLoop.Work<DocumentKey, DocumentRevised> {
        @Override
        public void begin(Consumer<DocumentKey, DocumentRevised> consumer) {
            consumer.assign(FollowedGroup.partitions(Topics.REVISED));
        }

        @Override
        public void polled(
                ConsumerRecords<DocumentKey, DocumentRevised> records,
                Consumer<DocumentKey, DocumentRevised> consumer) {
            if (records.isEmpty()) {
                return;
            }
            Map<DocumentKey, Optional<DocumentRevised>> last = new LinkedHashMap<>();
            for (ConsumerRecord<DocumentKey, DocumentRevised> record : records) {
                last.put(record.key(), Optional.ofNullable(record.value()));
            }
            take(last);
            consumer.commitSync(records.nextOffsets());
        }
    }
}
