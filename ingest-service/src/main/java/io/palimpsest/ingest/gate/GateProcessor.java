package io.palimpsest.ingest.gate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.ChangeDropped;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentAccepted.Effect;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.stream.DeadLetters;
import java.time.Instant;
import java.util.function.Function;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Applies {@link DocumentState#decide} to the stores and sends what follows from it to the named sinks. */
final class GateProcessor implements Processor<Object, Object, Object, Object> {
    static final String ACCEPTED = "accepted";
    static final String EXTRACT_SMALL = "extract-small";
    static final String EXTRACT_LARGE = "extract-large";
    static final String LEDGER = "ledger";
    static final String DROPPED = "dropped";
    static final String DEAD_LETTER = "dead-letter";
    private static final String EVENT_SOURCE = "/palimpsest/ingest/gate";

    private final GateRules rules;
    private final GateCounters counters;
    private final Function<DocumentAccepted, LedgerEntry> ledgerEntries;

    @SuppressWarnings("NullAway.Init") // Kafka calls init before anything else
    private ProcessorContext<Object, Object> context;

    @SuppressWarnings("NullAway.Init")
    private GateMemory memory;

    GateProcessor(GateRules rules, GateCounters counters, Function<DocumentAccepted, LedgerEntry> ledgerEntries) {
        this.rules = rules;
        this.counters = counters;
        this.ledgerEntries = ledgerEntries;
    }

    @Override
    public void init(ProcessorContext<Object, Object> processorContext) {
        context = processorContext;
        memory = GateMemory.of(processorContext, rules);
        context.schedule(GateTopology.FORGET_EVERY, PunctuationType.WALL_CLOCK_TIME, memory::forgetTombstones);
    }

    @Override
    public void process(Record<Object, Object> record) {
        if (record.value() == null) {
            forget(record);
            return;
        }
        DocumentChanged change = (DocumentChanged) record.value();
        if (!isOfErasure(change) && rules.suppressed().test(change.key())) {
            drop(record, change, ChangeDropped.Reason.SUPPRESSED);
            return;
        }
        if (memory.hasSeen(change, record.timestamp())) {
            drop(record, change, ChangeDropped.Reason.DUPLICATE);
            return;
        }
        DocumentState before = memory.state(change.key());
        switch (before.decide(change, rules.defaultAccess(), now())) {
            case DocumentState.Verdict.Accepted accepted -> {
                memory.remember(change, record.timestamp());
                memory.replace(change.key(), before, accepted.after());
                accept(record, accepted.event());
            }
            case DocumentState.Verdict.Stale stale -> {
                memory.remember(change, record.timestamp());
                drop(record, change, ChangeDropped.Reason.STALE);
            }
            // Not remembered: the same event may come again once the owner has let the document go.
            case DocumentState.Verdict.Foreign foreign -> refuse(record, change, foreign.owner());
        }
    }

    /** Its own delete; any other one, of a document that is forgotten, would bring its id back. */
    private static boolean isOfErasure(DocumentChanged change) {
        return change.namesNoSource() && change.eventId().startsWith(DocumentChanged.ERASURE);
    }

    /** Not of a document that is there: what says so was not sent by an erasure. */
    private void forget(Record<Object, Object> record) {
        DocumentKey key = (DocumentKey) record.key();
        if (memory.forget(key)) {
            context.forward(new Record<>(key, null, record.timestamp()), ACCEPTED);
        }
    }

    private void accept(Record<Object, Object> record, DocumentAccepted event) {
        counters.accepted(event.source(), event.effect());
        send(record, event.key(), event.changeId().value(), event, Topics.ACCEPTED, ACCEPTED);
        if (event.effect() == Effect.CONTENT) {
            if (isLarge(event.content())) {
                send(record, event.key(), event.changeId().value(), event, Topics.EXTRACT_LARGE, EXTRACT_LARGE);
            } else {
                send(record, event.key(), event.changeId().value(), event, Topics.EXTRACT_SMALL, EXTRACT_SMALL);
            }
        }
        LedgerEntry entry = ledgerEntries.apply(event);
        RecordHeaders headers = new RecordHeaders(record.headers());
        EventHeaders.set(headers, entry.entryId(), EVENT_SOURCE, Topics.LEDGER_ENTRY, entry.entryId(), null);
        context.forward(new Record<>(entry.entryId(), entry, record.timestamp(), headers), LEDGER);
    }

    private boolean isLarge(@Nullable ContentReference content) {
        return content != null && content.bytes() >= rules.largeBytes();
    }

    private void drop(Record<Object, Object> record, DocumentChanged change, ChangeDropped.Reason reason) {
        counters.dropped(change.source(), reason);
        ChangeDropped dropped = new ChangeDropped(
                change.key(),
                change.changeId(),
                change.source(),
                change.type(),
                change.position(),
                reason,
                change.receivedAt(),
                now());
        send(record, change.key(), change.changeId().value(), dropped, Topics.DROPPED, DROPPED);
    }

    private void refuse(Record<Object, Object> record, DocumentChanged change, String owner) {
        ErrorCode code = ErrorCode.EVENT_FROM_OTHER_SOURCE;
        counters.refused(change.source(), code);
        String message = "the document belongs to source " + owner + ", the change came from " + change.source();
        context.forward(DeadLetters.of(context, record, change.changeId(), code, message), DEAD_LETTER);
    }

    private <V> void send(
            Record<Object, Object> cause,
            DocumentKey key,
            String id,
            V value,
            Topic<DocumentKey, V> topic,
            String sink) {
        RecordHeaders headers = new RecordHeaders(cause.headers());
        EventHeaders.set(headers, id, EVENT_SOURCE, topic, key.document().value(), null);
        context.forward(new Record<>(key, value, cause.timestamp(), headers), sink);
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
