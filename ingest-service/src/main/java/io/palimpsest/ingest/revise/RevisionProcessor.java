package io.palimpsest.ingest.revise;

import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Folds accepted states and extraction results into {@link RevisionState} and sends the revision that follows. */
final class RevisionProcessor implements Processor<Object, Object, DocumentKey, DocumentRevised> {
    private static final String EVENT_SOURCE = "/palimpsest/ingest/revise";

    private final Supplier<Optional<Uuid>> life;

    @SuppressWarnings("NullAway.Init") // Kafka calls init before anything else
    private ProcessorContext<DocumentKey, DocumentRevised> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<DocumentKey, RevisionState> documents;

    RevisionProcessor(Supplier<Optional<Uuid>> life) {
        this.life = life;
    }

    @Override
    public void init(ProcessorContext<DocumentKey, DocumentRevised> processorContext) {
        context = processorContext;
        documents = processorContext.getStateStore(RevisionTopology.DOCUMENTS);
        LostRevisions lost = new LostRevisions(
                life,
                processorContext.getStateStore(RevisionTopology.LIVES),
                documents,
                revised -> send(new RecordHeaders(), processorContext.currentSystemTimeMs(), revised));
        processorContext.schedule(LostRevisions.PAUSE, PunctuationType.WALL_CLOCK_TIME, now -> lost.look());
    }

    @Override
    public void process(Record<Object, Object> record) {
        DocumentKey key = (DocumentKey) record.key();
        if (record.value() == null) {
            documents.delete(key);
            context.forward(new Record<>(key, null, record.timestamp()), RevisionTopology.REVISED);
            return;
        }
        @Nullable RevisionState known = documents.get(key);
        RevisionState before = known == null ? RevisionState.NEW : known;
        RevisionState after = switch (record.value()) {
            case DocumentAccepted accepted -> before.with(accepted);
            case DocumentExtracted extracted -> before.with(extracted);
            default -> throw new IllegalStateException("the readers forward nothing else");
        };
        Optional<DocumentRevised> revised = Reviser.next(after, Instant.ofEpochMilli(record.timestamp()));
        RevisionState kept = revised.map(after::withShown).orElse(after);
        if (!kept.equals(before)) {
            documents.put(key, kept);
        }
        revised.ifPresent(revision -> send(new RecordHeaders(record.headers()), record.timestamp(), revision));
    }

    private void send(RecordHeaders headers, long timestamp, DocumentRevised revised) {
        String id = revised.changeId() + "-r" + revised.revision();
        EventHeaders.set(
                headers,
                id,
                EVENT_SOURCE,
                Topics.REVISED,
                revised.key().document().value(),
                null);
        context.forward(new Record<>(revised.key(), revised, timestamp, headers), RevisionTopology.REVISED);
    }
}
