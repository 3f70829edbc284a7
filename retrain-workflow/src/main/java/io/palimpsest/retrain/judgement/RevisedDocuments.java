package io.palimpsest.retrain.judgement;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.retry.BackOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * The standing of every document in the database, following {@link Topics#REVISED}.
 *
 * <p>Ordering and idempotency: a document's revision never goes back, whatever is read again. Failure: reads again from the
 * last position that was committed.
 */
public final class RevisedDocuments implements DocumentStandings, AutoCloseable {
    private static final String GROUP = "retrain-documents";
    private static final ConsumerLoop.Pace PACE = new ConsumerLoop.Pace(
            GROUP,
            Duration.ofMillis(500),
            new BackOff(Duration.ofMillis(200), Duration.ofSeconds(10)),
            Duration.ofSeconds(10));
    private static final String UPSERT =
            "INSERT INTO document_standing (document_key, revision, live, sensitive, access_list) VALUES (?, ?, ?, ?, ?)"
                    + " ON CONFLICT (document_key) DO UPDATE SET revision = excluded.revision, live = excluded.live,"
                    + " sensitive = excluded.sensitive, access_list = excluded.access_list"
                    + " WHERE document_standing.revision < excluded.revision";

    private final Sql sql;
    private final ConsumerLoop<DocumentKey, DocumentRevised> loop;

    /** @param instance name of this process among its like, stable over restarts */
    public RevisedDocuments(Sql sql, KafkaClients kafka, String instance) {
        this.sql = sql;
        this.loop = new ConsumerLoop<>(
                PACE,
                () -> new KafkaConsumer<>(
                        kafka.staticConsumer(GROUP, GROUP, instance),
                        Topics.REVISED.key().deserializer(),
                        Topics.REVISED.value().deserializer()),
                Following::new);
    }

    /** Whose lag is told. */
    public static FollowedGroup group() {
        return FollowedGroup.consumers("document-standings", GROUP, Topics.REVISED);
    }

    public RevisedDocuments start() {
        loop.start();
        return this;
    }

    public boolean healthy() {
        return loop.healthy();
    }

    @Override
    public void close() {
        loop.close();
    }

    @Override
    public Optional<Standing> of(DocumentKey document) {
        return sql.first(
                "SELECT revision, live, sensitive, access_list FROM document_standing WHERE document_key = ?",
                row -> new Standing(
                        row.getLong(1), row.getInt(2) == 1, row.getInt(3) == 1, principals(row.getString(4))),
                document.toString());
    }

    private static Set<String> principals(String json) {
        try {
            return Set.of(Json.mapper().readValue(json, String[].class));
        } catch (JsonProcessingException e) {
            throw new PalimpsestException(ErrorCode.DATABASE_FAILED, "an access list is not JSON", e);
        }
    }

    private final class Following implements ConsumerLoop.Work<DocumentKey, DocumentRevised> {
        @Override
        public void begin(Consumer<DocumentKey, DocumentRevised> consumer) {
            consumer.subscribe(List.of(Topics.REVISED.name()));
        }

        @Override
        public void polled(
                ConsumerRecords<DocumentKey, DocumentRevised> records,
                Consumer<DocumentKey, DocumentRevised> consumer) {
            keep(records);
            if (!records.isEmpty()) {
                consumer.commitSync();
            }
        }
    }

    void keep(Iterable<ConsumerRecord<DocumentKey, DocumentRevised>> records) {
        List<Object[]> rows = new ArrayList<>();
        Set<String> erased = new LinkedHashSet<>();
        for (ConsumerRecord<DocumentKey, DocumentRevised> record : records) {
            DocumentRevised revised = record.value();
            if (revised == null) { // not of a delete, which is a revision: the document was erased
                erased.add(record.key().toString());
            } else {
                erased.remove(record.key().toString());
                rows.add(new Object[] {
                    revised.key().toString(),
                    revised.revision(),
                    revised.state() == DocumentRevised.State.LIVE ? 1 : 0,
                    revised.sensitive() ? 1 : 0,
                    Json.writeText(Set.copyOf(revised.access()))
                });
            }
        }
        if (!rows.isEmpty() || !erased.isEmpty()) {
            sql.inTransaction(transaction -> {
                transaction.updateAll(UPSERT, rows);
                for (String key : erased) {
                    transaction.update("DELETE FROM document_standing WHERE document_key = ?", key);
                }
                return null;
            });
        }
    }
}
