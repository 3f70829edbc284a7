package io.palimpsest.ingest.work;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.ingest.erase.LateRecords;
import io.palimpsest.ingest.quarantine.Quarantine;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.platform.telemetry.TraceSpan;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker does with one record of work: attempt, record the end, tell the topic.
 *
 * <p>Threading: safe. Failure: throws RETRY codes of store, database and broker; everything else ends in a fact.
 */
final class WorkStep {
    private static final Logger LOG = LoggerFactory.getLogger(WorkStep.class);
    /** Interruptions say more about this process than about the document: only many of them count against it. */
    private static final int MAX_INTERRUPTIONS = 10;

    private static final String HANDED_BACK = "handed-back";
    /** Nobody hears of it: the document was erased while this went on. */
    private static final String ERASED = "erased";

    private final Extraction extraction;
    private final RetryBook retries;
    private final Quarantine quarantine;
    private final LateRecords late;
    private final FactSender sender;
    private final Telemetry telemetry;
    private final int maxDeliveries;

    WorkStep(
            Extraction extraction,
            RetryBook retries,
            Quarantine quarantine,
            LateRecords late,
            FactSender sender,
            Telemetry telemetry,
            int maxDeliveries) {
        this.extraction = extraction;
        this.retries = retries;
        this.quarantine = quarantine;
        this.late = late;
        this.sender = sender;
        this.telemetry = telemetry;
        this.maxDeliveries = maxDeliveries;
    }

    /** How far a run over a record came. */
    enum Run {
        /** What is to be known of it is on a topic or in the database: the record has served. */
        ENDED,
        /** This process is told to stop: the record is another worker's. */
        HANDED_BACK
    }

    /** Puts the work on its topic again: the new record has all its deliveries before it. */
    void renew(Lane lane, DocumentAccepted work, Headers headers) {
        sender.send(lane, work, headers);
    }

    /** @param delivery of the broker, from 1 */
    Run run(Lane lane, DocumentAccepted work, int delivery, Headers headers) {
        RetryBook.Standing standing = retries.standing(work);
        if (late.remove(work.key()) || standing.deletedSince()) {
            retries.ended(work);
            return Run.ENDED;
        }
        long begun = System.nanoTime();
        String outcome = "failed";
        try (TraceSpan span = telemetry.tracing().span("extract", headers)) {
            outcome = attempt(lane, work, delivery, standing.attempts(), headers);
            if (late.remove(work.key())) {
                outcome = ERASED;
            }
            LOG.atDebug()
                    .addKeyValue("changeId", work.changeId().value())
                    .log("work of trace {} ended as {}", span.traceId(), outcome);
            return outcome.equals(HANDED_BACK) ? Run.HANDED_BACK : Run.ENDED;
        } finally {
            telemetry.time(
                    Metric.EXTRACT_DURATION,
                    Duration.ofNanos(System.nanoTime() - begun),
                    lane.name().toLowerCase(Locale.ROOT),
                    outcome);
        }
    }

    private String attempt(Lane lane, DocumentAccepted work, int delivery, OptionalInt counted, Headers headers) {
        int before = counted.orElse(0);
        if (before >= Math.max(MAX_INTERRUPTIONS, maxDeliveries)) {
            return fail(lane, work, extraction.exhausted(work, before, "interrupted"), headers);
        }
        if (delivery > 1) {
            retries.count(lane, work, before + 1, traceparent(headers));
        }
        Ending ending;
        try {
            ending = extraction.run(lane, work, before + 1);
        } catch (PalimpsestException e) {
            if (e.code().next() == NextAction.RETRY) {
                takeBack(lane, work, before, headers);
                throw e;
            }
            ending = new Ending.Later(e.code(), String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) { // an Error too is of this document until others have it as well
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("changeId", work.changeId().value())
                    .addKeyValue("errorCode", ErrorCode.INTERNAL.id())
                    .log("extraction failed by a defect");
            ending = new Ending.Later(ErrorCode.INTERNAL, e.getClass().getSimpleName());
        }
        // Cleared, or the database and the broker would refuse as well.
        if (ending instanceof Ending.Later && Thread.interrupted()) {
            retries.count(lane, work, before, traceparent(headers));
            return HANDED_BACK;
        }
        if (late.remove(work.key())) {
            return ERASED;
        }
        return switch (ending) {
            case Ending.Finished(DocumentExtracted fact) -> {
                String outcome = finish(lane, work, fact, headers);
                // Most work is not in the book, and even a delete of nothing waits for the database's other writers.
                if (counted.isPresent() || delivery > 1) {
                    retries.ended(work);
                }
                yield outcome;
            }
            case Ending.Rerouted(DocumentAccepted stored) -> {
                sender.send(Lane.LARGE, stored, headers);
                retries.ended(work);
                yield "rerouted";
            }
            case Ending.Later(ErrorCode code, String message) -> {
                int attempts = before + 1;
                if (attempts >= maxDeliveries) {
                    yield fail(lane, work, extraction.exhausted(work, attempts, code.id() + " " + message), headers);
                }
                retries.later(lane, work, attempts, traceparent(headers));
                yield "retried";
            }
        };
    }

    private String finish(Lane lane, DocumentAccepted work, DocumentExtracted fact, Headers headers) {
        if (fact.outcome() == DocumentExtracted.Outcome.FAILED) {
            return fail(lane, work, fact, headers);
        }
        sender.send(fact, headers);
        quarantine.close(work.key(), work.version());
        return fact.outcome().name().toLowerCase(Locale.ROOT);
    }

    private String fail(Lane lane, DocumentAccepted work, DocumentExtracted failed, Headers headers) {
        // The entry is there before anybody hears of the failure; after a kill in between the work comes again.
        quarantine.record(work, lane.topic().name(), failed, traceparent(headers));
        sender.send(failed, quarantine.ledgerEntry(work, failed), headers);
        retries.ended(work);
        LOG.atWarn()
                .addKeyValue("documentId", work.key().hash())
                .addKeyValue("changeId", work.changeId().value())
                .addKeyValue(
                        "errorCode",
                        failed.errorCode() == null ? "" : failed.errorCode().id())
                .log("content quarantined");
        return "failed";
    }

    /** A store or broker that does not answer is not the document's fault, however often it is asked. */
    private void takeBack(Lane lane, DocumentAccepted work, int before, Headers headers) {
        try {
            retries.count(lane, work, before, traceparent(headers));
        } catch (PalimpsestException e) {
            LOG.atDebug().addKeyValue("errorCode", e.code().id()).log("an attempt stays counted");
        }
    }

    private static @Nullable String traceparent(Headers headers) {
        return EventHeaders.get(headers, EventHeaders.TRACEPARENT).orElse(null);
    }
}
