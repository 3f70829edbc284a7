package io.palimpsest.ingest.work;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.ingest.quarantine.Quarantine;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.platform.telemetry.TraceSpan;
import java.time.Duration;
import java.util.Locale;
import org.apache.kafka.common.header.Headers;
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

    private final Extraction extraction;
    private final RetryBook retries;
    private final Quarantine quarantine;
    private final FactSender sender;
    private final Sql sql;
    private final Telemetry telemetry;
    private final int maxDeliveries;

    WorkStep(
            Extraction extraction,
            RetryBook retries,
            Quarantine quarantine,
            FactSender sender,
            Sql sql,
            Telemetry telemetry,
            int maxDeliveries) {
        this.extraction = extraction;
        this.retries = retries;
        this.quarantine = quarantine;
        this.sender = sender;
        this.sql = sql;
        this.telemetry = telemetry;
        this.maxDeliveries = maxDeliveries;
    }

    /** @param delivery of the broker, from 1 */
    void run(Lane lane, DocumentAccepted work, int delivery, Headers headers) {
        if (isDeletedSince(work)) {
            retries.ended(work);
            return;
        }
        long begun = System.nanoTime();
        String outcome = "failed";
        try (TraceSpan span = telemetry.tracing().span("extract", headers)) {
            outcome = attempt(lane, work, delivery, headers);
            LOG.atDebug()
                    .addKeyValue("changeId", work.changeId().value())
                    .log("work of trace {} ended as {}", span.traceId(), outcome);
        } finally {
            telemetry.time(
                    Metric.EXTRACT_DURATION,
                    Duration.ofNanos(System.nanoTime() - begun),
                    lane.name().toLowerCase(Locale.ROOT),
                    outcome);
        }
    }

    private String attempt(Lane lane, DocumentAccepted work, int delivery, Headers headers) {
        int before = retries.attempts(work);
        if (delivery > 1) {
            if (before >= Math.max(MAX_INTERRUPTIONS, maxDeliveries)) {
                return fail(lane, work, extraction.exhausted(work, before, "interrupted"), headers);
            }
            retries.begun(lane, work);
        }
        Extraction.Ending ending;
        try {
            ending = extraction.run(lane, work, before + 1);
        } catch (PalimpsestException e) {
            if (e.code().next() == NextAction.RETRY) {
                throw e;
            }
            ending = new Extraction.Ending.Later(e.code(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("changeId", work.changeId().value())
                    .addKeyValue("errorCode", ErrorCode.INTERNAL.id())
                    .log("extraction failed by a defect");
            ending =
                    new Extraction.Ending.Later(ErrorCode.INTERNAL, e.getClass().getSimpleName());
        }
        return switch (ending) {
            case Extraction.Ending.Finished(DocumentExtracted fact) -> finish(lane, work, fact, headers);
            case Extraction.Ending.Rerouted(DocumentAccepted stored) -> {
                sender.reroute(stored, headers);
                retries.ended(work);
                yield "rerouted";
            }
            case Extraction.Ending.Later(ErrorCode code, String message) -> {
                int attempts = before + 1;
                if (attempts >= maxDeliveries) {
                    yield fail(lane, work, extraction.exhausted(work, attempts, code.id() + " " + message), headers);
                }
                retries.later(lane, work, before);
                yield "retried";
            }
        };
    }

    private String finish(Lane lane, DocumentAccepted work, DocumentExtracted fact, Headers headers) {
        if (fact.outcome() == DocumentExtracted.Outcome.FAILED) {
            return fail(lane, work, fact, headers);
        }
        sender.send(fact, headers);
        retries.ended(work);
        quarantine.close(work.key(), work.version());
        return fact.outcome().name().toLowerCase(Locale.ROOT);
    }

    private String fail(Lane lane, DocumentAccepted work, DocumentExtracted failed, Headers headers) {
        sender.send(failed, quarantine.ledgerEntry(work, failed), headers);
        quarantine.record(work, lane.topic().name(), failed);
        retries.ended(work);
        LOG.atWarn()
                .addKeyValue("documentId", work.key().document().value())
                .addKeyValue("changeId", work.changeId().value())
                .addKeyValue(
                        "errorCode",
                        failed.errorCode() == null ? "" : failed.errorCode().id())
                .log("content quarantined");
        return "failed";
    }

    /** Only a delete makes earlier content pointless for certain: a later content may yet fail, and this one stay. */
    private boolean isDeletedSince(DocumentAccepted work) {
        return sql.first(
                        "SELECT 1 FROM document_change WHERE document_key = ? AND version > ? AND effect = 'DELETE' LIMIT 1",
                        row -> row.getInt(1),
                        Columns.of(work.key(), work.version()))
                .isPresent();
    }
}
