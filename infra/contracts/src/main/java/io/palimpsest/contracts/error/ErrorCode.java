package io.palimpsest.contracts.error;

import static io.palimpsest.contracts.error.NextAction.DEAD_LETTER;
import static io.palimpsest.contracts.error.NextAction.RECONCILE;
import static io.palimpsest.contracts.error.NextAction.RETRY;
import static io.palimpsest.contracts.error.NextAction.STOP;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every way in which a step can fail. The id is stable: it is stored, searched for and documented. */
public enum ErrorCode {
    // intake: 1xx
    EVENT_MALFORMED(
            "PAL-101",
            DEAD_LETTER,
            400,
            "Send a CloudEvents 1.0 event with specversion, id, source, type and subject."),
    EVENT_TYPE_UNKNOWN(
            "PAL-102",
            DEAD_LETTER,
            400,
            "Use one of the change types that the message lists; the user guide says what each carries."),
    COLLECTION_UNKNOWN(
            "PAL-103",
            DEAD_LETTER,
            404,
            "Create the collection first, or correct the extension attribute 'collection'."),
    DATA_INVALID(
            "PAL-104",
            DEAD_LETTER,
            400,
            "Give either content or reference in the event's data, and valid UTF-8 or base64."),
    BODY_TOO_LARGE(
            "PAL-105",
            DEAD_LETTER,
            413,
            "Send a reference instead of inline content, or raise intake.max.inline.bytes."),
    EVENT_FROM_OTHER_SOURCE(
            "PAL-106",
            DEAD_LETTER,
            409,
            "The document belongs to another source: delete it there first, or use another document id."),
    UTF8_INVALID("PAL-107", DEAD_LETTER, 400, "Encode the event as UTF-8."),
    ROW_EVENT_MALFORMED(
            "PAL-121",
            DEAD_LETTER,
            422,
            "Let Debezium write JSON, with or without schemas, and let the mapping's format say whether it is flattened."),
    ROW_KEY_UNSUITABLE(
            "PAL-122",
            DEAD_LETTER,
            422,
            "Name every column of the record's key in the mapping's id, and no other; none of them may be NULL."),
    ROW_COLUMN_MISSING(
            "PAL-123",
            DEAD_LETTER,
            422,
            "The table lost a column that the mapping needs: correct the mapping, restart, and let Debezium snapshot the table again."),
    ROW_COLUMN_INVALID(
            "PAL-124",
            DEAD_LETTER,
            422,
            "The column holds what the mapping does not expect there: correct the row, or the mapping."),
    ROW_VALUE_UNAVAILABLE(
            "PAL-125",
            DEAD_LETTER,
            422,
            "The database did not log a large value that had not changed: set REPLICA IDENTITY FULL for the table."),
    ROW_TABLE_TRUNCATED(
            "PAL-126",
            DEAD_LETTER,
            422,
            "A TRUNCATE names no rows: delete their documents by events, or empty tables with DELETE."),
    // fetch: 2xx
    REFERENCE_NOT_ALLOWED(
            "PAL-201",
            DEAD_LETTER,
            422,
            "Add the root, host or scheme to the fetch allow-list, or send the content inline."),
    REFERENCE_PRIVATE_ADDRESS(
            "PAL-202",
            DEAD_LETTER,
            422,
            "The host resolves to a private address; allow it explicitly if that is intended."),
    REFERENCE_NOT_FOUND(
            "PAL-203",
            DEAD_LETTER,
            422,
            "The referenced content does not exist: publish a delete, or correct the reference."),
    REFERENCE_REFUSED(
            "PAL-204",
            DEAD_LETTER,
            422,
            "The server refused the request (4xx): check the credentials and the address."),
    FETCH_TOO_LARGE(
            "PAL-205",
            DEAD_LETTER,
            422,
            "The content is over fetch.max.bytes: raise it, and try again what is in quarantine (palimpsest quarantine retry),"
                    + " or publish the content in parts."),
    FETCH_FAILED("PAL-206", RETRY, 503, "The server or disk did not answer; it is tried again."),
    FETCH_TOO_MANY_REDIRECTS("PAL-207", DEAD_LETTER, 422, "Reference the final address."),
    CONTENT_GONE("PAL-208", DEAD_LETTER, 410, "The stored content or its key was erased."),
    CONTENT_DAMAGED(
            "PAL-209",
            DEAD_LETTER,
            410,
            "The stored content is not what was written: check the disk; delete the document and publish it again."),
    FILE_UNREADABLE(
            "PAL-210",
            RETRY,
            503,
            "Give the account that Palimpsest runs as the right to read it; the next comparison of the folder tries it again."),
    FILE_NAME_UNUSABLE(
            "PAL-211",
            DEAD_LETTER,
            422,
            "Its name or path cannot be the id of a document: rename it, or move it to where its path is shorter."),
    REFERENCE_UNTRUSTED(
            "PAL-212",
            DEAD_LETTER,
            422,
            "The server's certificate is not trusted, or is another host's: give that of its authority as fetch.ca.file, or"
                    + " correct the address, and try again (palimpsest quarantine retry)."),
    // extract: 3xx
    EXTRACT_TIMEOUT(
            "PAL-301",
            DEAD_LETTER,
            422,
            "Parsing took longer than extract.timeout.ms (five times that over extract.large.bytes): raise it and try"
                    + " again (palimpsest quarantine retry), or publish the document in parts."),
    EXTRACT_OUT_OF_MEMORY(
            "PAL-302",
            DEAD_LETTER,
            422,
            "Parsing needed more than twice the heap of extract.heap.mib: raise it and try again (palimpsest quarantine"
                    + " retry), or publish the document in parts."),
    EXTRACT_CRASHED(
            "PAL-303",
            DEAD_LETTER,
            422,
            "The parser process died on this document: save it anew in its program, or in another format, and publish that."),
    EXTRACT_OUTPUT_TOO_LARGE(
            "PAL-304",
            DEAD_LETTER,
            422,
            "The text is longer than extract.max.output.chars: publish the document in parts, or raise it and try again"
                    + " (palimpsest quarantine retry)."),
    EXTRACT_NESTING_TOO_DEEP(
            "PAL-305",
            DEAD_LETTER,
            422,
            "Embedded documents are nested deeper than extract.max.depth: publish the inner ones by themselves."),
    EXTRACT_EXPANSION_TOO_HIGH(
            "PAL-306",
            DEAD_LETTER,
            422,
            "The archive expands beyond extract.max.expansion.ratio, as a bomb does: where it is none, publish its files by"
                    + " themselves."),
    EXTRACT_TOO_MANY_EMBEDDED(
            "PAL-307",
            DEAD_LETTER,
            422,
            "More embedded documents than extract.max.embedded: publish them by themselves, or in several archives."),
    EXTRACT_ENCRYPTED(
            "PAL-308", DEAD_LETTER, 422, "The document is protected by a password: publish an unprotected copy."),
    EXTRACT_CORRUPT(
            "PAL-309", DEAD_LETTER, 422, "The document is truncated or not what its type says: publish it again."),
    EXTRACT_UNSUPPORTED_TYPE(
            "PAL-310",
            DEAD_LETTER,
            415,
            "No parser for this content type: publish the document in another one, for example as PDF."),
    EXTRACT_DELIVERIES_EXHAUSTED(
            "PAL-311", DEAD_LETTER, 422, "The document failed at every delivery; see the log for the cause."),
    EXTRACT_QUARANTINED_BEFORE(
            "PAL-312",
            DEAD_LETTER,
            422,
            "The same bytes failed before under the same extractor; retry the quarantine entry to try again."),
    // index: 4xx
    INDEX_WRITE_FAILED("PAL-401", RETRY, 503, "The index refused the write; it is tried again."),
    INDEX_OUTCOME_UNKNOWN("PAL-402", RECONCILE, 503, "The index did not answer; re-read by id."),
    EMBED_FAILED("PAL-403", RETRY, 503, "The embedder did not answer; it is tried again."),
    MODEL_MISSING("PAL-404", STOP, 503, "The model artefact is not on the class path: rebuild, or set embed.model."),
    INDEX_CORRUPT(
            "PAL-405", STOP, 503, "The index directory does not open: delete it to rebuild it from the content store."),
    INDEX_UNAVAILABLE("PAL-406", RETRY, 503, "The index server does not answer: start it; it is tried again."),
    INDEX_REFUSED(
            "PAL-407",
            STOP,
            503,
            "The index server refuses to work with these settings: correct the key, the version or the collection that the message names."),
    // several processes: 41x
    INSTANCE_TAKEN(
            "PAL-410",
            STOP,
            503,
            "Give each process a name of its own with instance.name, or stop the one that the message names."),
    SERVICE_ELSEWHERE(
            "PAL-411",
            DEAD_LETTER,
            404,
            "Ask a process that runs the service which the message names; see the setting services."),
    // generations: 42x
    GENERATION_GATES_FAILED(
            "PAL-421",
            DEAD_LETTER,
            409,
            "The generation may not go live: see which gates failed, wait for the build to end, or build it again."),
    GENERATION_UNDER_WAY(
            "PAL-422",
            DEAD_LETTER,
            409,
            "Another generation of the collection is being built: wait for it, or drop it."),
    NOTHING_TO_ROLL_BACK(
            "PAL-423",
            DEAD_LETTER,
            409,
            "There is no generation to go back to: it was dropped, or none was live before."),
    GENERATION_IN_USE(
            "PAL-424", DEAD_LETTER, 409, "The generation is read by searches: let another one go live first."),
    GENERATION_NOT_READY("PAL-425", DEAD_LETTER, 409, "The generation is not built, or not kept up to date any more."),
    // models: 43x
    MODEL_UNKNOWN("PAL-431", DEAD_LETTER, 404, "There is no such model: see GET /v1/models."),
    MODEL_DAMAGED(
            "PAL-432",
            DEAD_LETTER,
            422,
            "A file of the model is missing or is not what the manifest says: copy or train the model again."),
    MODEL_UNSUITABLE(
            "PAL-433", DEAD_LETTER, 422, "The model cannot serve here: see the message for what does not fit."),
    // search and answer: 5xx
    QUERY_INVALID("PAL-501", DEAD_LETTER, 400, "Give a query of 1 to 4,096 characters and valid options."),
    FRESHNESS_NOT_REACHED(
            "PAL-502",
            RETRY,
            503,
            "The index has not reached the asked freshness in time; ask again or lower minFreshness."),
    AS_OF_NOT_RETAINED(
            "PAL-503", DEAD_LETTER, 410, "The moment asked for is older than the collection's history retention."),
    GENERATOR_FAILED("PAL-504", RETRY, 502, "The generator endpoint failed; ask again, or use the extractive one."),
    RERANKER_FAILED("PAL-505", RETRY, 502, "The reranker endpoint failed; results are in fused order."),
    STARTING(
            "PAL-506",
            RETRY,
            503,
            "The service still reads which revisions are current; ask again in a moment, see /health/ready."),
    // access: 6xx
    KEY_UNKNOWN("PAL-601", STOP, 401, "Send a known API key as 'Authorization: Bearer ...'."),
    ROLE_MISSING("PAL-602", STOP, 403, "The key lacks the role for this call."),
    NOT_FOUND("PAL-603", DEAD_LETTER, 404, "There is nothing under this id for this key."),
    // training: 80x
    TRAINER_UNAVAILABLE(
            "PAL-800",
            STOP,
            503,
            "The trainer cannot start here: install what the message names, or choose another trainer."),
    SNAPSHOT_UNUSABLE(
            "PAL-801", DEAD_LETTER, 422, "Export the snapshot again, or give it more judgements: see the message."),
    TRAINER_FAILED(
            "PAL-802",
            RETRY,
            502,
            "The trainer ended without a model: read its log; the next try goes on from its checkpoint."),
    TRAINING_TOO_LONG(
            "PAL-803",
            DEAD_LETTER,
            422,
            "The training was silent for too long or reached its time limit: give it more time, or train less."),
    TRAINING_OUT_OF_MEMORY(
            "PAL-804",
            DEAD_LETTER,
            422,
            "The training needed more memory than its limit: raise it, or make batches smaller."),
    TRAINING_DISK_FULL("PAL-805", STOP, 507, "Free space in the data directory, then start the training again."),
    TRAINING_DIVERGED(
            "PAL-806",
            DEAD_LETTER,
            422,
            "The loss is no number any more: lower the learning rate, or look at the snapshot."),
    MODEL_BROKEN(
            "PAL-807",
            DEAD_LETTER,
            422,
            "The trainer's model is incomplete or not what its manifest says: it is not used."),
    TRAINING_CANCELLED(
            "PAL-808",
            DEAD_LETTER,
            409,
            "Somebody cancelled the training; started again it goes on from its checkpoint."),
    TUNING_ENDPOINT_FAILED(
            "PAL-809", RETRY, 502, "The fine-tuning endpoint does not answer; it is tried again, with the same job."),
    // platform: 7xx
    CONFIG_INVALID("PAL-701", STOP, 500, "Correct the named settings."),
    STORE_FAILED("PAL-702", RETRY, 503, "The content store did not answer; it is tried again."),
    DATABASE_FAILED("PAL-703", RETRY, 503, "The database did not answer; it is tried again."),
    BROKER_UNAVAILABLE("PAL-704", RETRY, 503, "Kafka does not answer; intake waits and nothing is dropped."),
    PORT_TAKEN("PAL-705", STOP, 500, "Stop the other process or choose another port."),
    KAFKA_REFUSED(
            "PAL-711",
            STOP,
            503,
            "Kafka and these settings do not fit: correct the address, the credentials, the version or the topic that the message names."),
    TEMPORAL_UNAVAILABLE(
            "PAL-721",
            RETRY,
            503,
            "Temporal does not answer: start it, or correct temporal.address; it is tried again."),
    TEMPORAL_REFUSED(
            "PAL-722",
            STOP,
            503,
            "Temporal and these settings do not fit: correct the credentials, the namespace or the TLS that the message names."),
    // drift: 81x
    DRIFT_REFERENCE_TOO_SMALL(
            "PAL-810",
            DEAD_LETTER,
            422,
            "Take the reference over a period with more queries, or wait for them; drift.reference.samples says how many one is made of."),
    DRIFT_REFERENCE_UNKNOWN(
            "PAL-811",
            DEAD_LETTER,
            409,
            "The collection has no reference of drift yet: one is taken by itself after drift.reference.samples queries, or on demand."),
    // feedback, judgements, snapshots: 82x
    FEEDBACK_INVALID(
            "PAL-820",
            DEAD_LETTER,
            400,
            "Give queryId and kind, and the value that the kind takes: thumb -1 or 1, click its rank, rating 1 to 5, text for a correction or comment."),
    FEEDBACK_QUERY_UNKNOWN(
            "PAL-821",
            DEAD_LETTER,
            404,
            "Send the queryId that a search of this key answered with, within the retention of the query log."),
    FEEDBACK_HIT_NOT_SHOWN(
            "PAL-822",
            DEAD_LETTER,
            422,
            "Name a document and passage that the query's answer had, or leave both out to speak of the whole result."),
    FEEDBACK_LATE(
            "PAL-823",
            DEAD_LETTER,
            202,
            "It came longer after the query than feedback.late.after: it is kept, and counts for nothing."),
    FEEDBACK_ALREADY_GIVEN(
            "PAL-824",
            DEAD_LETTER,
            409,
            "This key has said something else of the same hit in the same kind before: the first one counts."),
    FEEDBACK_QUERY_NOT_LOGGED_YET(
            "PAL-825", RETRY, 503, "The query was asked a moment ago and is not in the log yet: send it again."),
    GRADE_INVALID("PAL-826", DEAD_LETTER, 400, "Give a whole grade from 0 to 3, or a reason to skip; never both."),
    REVIEW_NOT_ASSIGNED(
            "PAL-827",
            DEAD_LETTER,
            409,
            "The item is not with this reviewer (any more): ask for the next one; nobody grades an item twice."),
    JUDGEMENTS_MALFORMED(
            "PAL-828",
            DEAD_LETTER,
            400,
            "Send corpus, queries and qrels in BEIR's layout; the message names the first line that is not."),
    SNAPSHOT_TOO_SMALL(
            "PAL-829",
            DEAD_LETTER,
            422,
            "Collect more judgements: the message says of which slice there are too few, and why others were left out."),
    // evaluation, gate, approval: 83x
    SNAPSHOT_UNREGISTERED("PAL-830", STOP, 409, "Use a snapshot that this platform has made and still has."),
    SNAPSHOT_DAMAGED("PAL-831", STOP, 409, "The snapshot's files are not those of its hash: make it again."),
    EVALUATION_IMPOSSIBLE(
            "PAL-832",
            DEAD_LETTER,
            422,
            "Both systems must answer the same queries, and each slice needs judged ones: see the message."),
    APPROVAL_EXPIRED(
            "PAL-833", DEAD_LETTER, 410, "The time to decide is over and the serving model stays: start a new run."),
    APPROVAL_ALREADY_DECIDED("PAL-834", DEAD_LETTER, 409, "The decision on this run has been taken."),
    APPROVAL_SECOND_PERSON("PAL-835", DEAD_LETTER, 409, "Another person has to approve as well."),
    APPROVAL_INVALID("PAL-836", DEAD_LETTER, 400, "Give a reason of 3 to 1,000 characters."),
    SNAPSHOT_TAINTED(
            "PAL-837",
            STOP,
            409,
            "Documents of the snapshot were erased or marked sensitive since, the message says how many: make a new one."),
    // runs: 84x
    RUN_INVALID(
            "PAL-840",
            DEAD_LETTER,
            400,
            "Give name, trainer (lora, adapter or command), seed and labels, or leave them out."),
    RUN_ENDED("PAL-841", DEAD_LETTER, 409, "Nothing can be decided about a run that has ended: start a new one."),
    RUN_CANCELLED("PAL-842", DEAD_LETTER, 409, "Somebody cancelled the run before it began: start a new one."),
    // sources against the documents that we have: 845 to 849
    RECONCILE_DELETES_TOO_MUCH(
            "PAL-845",
            DEAD_LETTER,
            409,
            "Nothing was changed: the source lacks suspiciously many documents. If they are to go: palimpsest reconcile SOURCE"
                    + " --allow-deletes, or \"allowDeletes\": true over HTTP."),
    RECONCILE_SOURCE_AWAY(
            "PAL-846",
            RETRY,
            503,
            "The source cannot be listed now, and nothing is deleted while it is away: bring it back."),
    RECONCILE_CANCELLED(
            "PAL-847", DEAD_LETTER, 409, "Somebody cancelled it; what it had published until then stays published."),
    INGEST_UNAVAILABLE("PAL-848", RETRY, 503, "The ingest service does not answer; it is tried again."),
    RECONCILE_TIMELINE_BEHIND(
            "PAL-849",
            RETRY,
            503,
            "The timeline has not yet read what was published before the comparison: see palimpsest status; it is tried again."),
    // the ledger: 90x
    LEDGER_DAMAGED(
            "PAL-901",
            STOP,
            503,
            "Files of the log are not what its checkpoint says, the message names one: nothing is mended by itself. Find out who"
                    + " changed them, and restore the log from a copy that is not older than the last checkpoint anybody has seen."),
    LEDGER_TAKEN(
            "PAL-902", STOP, 503, "One process writes the log: end the other one, or give this one no service ledger."),
    LEDGER_UNAVAILABLE(
            "PAL-903",
            RETRY,
            503,
            "The log cannot be written: look for a full or failing disk. Entries wait in their topic, and none is lost."),
    EVIDENCE_INVALID(
            "PAL-904",
            DEAD_LETTER,
            400,
            "Give from and to as instants such as 2026-03-01T12:00:00Z, with 1 to 200,000 entries of the log between them."),
    RECEIPT_NOT_KEPT(
            "PAL-905",
            DEAD_LETTER,
            404,
            "Receipts are kept for 30 days, of what people were shown: not of probes, not of what another collection or tenant was"
                    + " asked, not while ledger.receipts is false, and not after a cited document was erased. A query of this second"
                    + " is written within one."),
    RECEIPT_NOT_LOGGED(
            "PAL-906",
            RETRY,
            404,
            "The entry follows the query within a second, or as soon as the ledger takes entries again: ask again."),
    MANIFEST_FAILED(
            "PAL-921",
            RETRY,
            503,
            "A manifest of the index cannot be written or read, the message names the file: look at the disk of ledger.manifest.dir."
                    + " Roots in the log are not touched by it."),
    MANIFEST_MISSING(
            "PAL-922",
            DEAD_LETTER,
            404,
            "There is no manifest of the generation at that time, its file is not kept any more (ledger.manifest.keep), or another"
                    + " process has it: see the list of manifests, and ask the process that is named."),
    MANIFEST_UNPROVEN(
            "PAL-923",
            RETRY,
            503,
            "The log does not cover the entry yet, or it cannot be asked: entries take a second, and with witnesses until they have"
                    + " cosigned. In a process without the ledger, set ledger.address."),
    SWAP_UNWITNESSED(
            "PAL-924",
            RETRY,
            503,
            "generation.swap.witnessed: the swap waits until witnesses have cosigned a checkpoint that covers its intent. Ask again;"
                    + " where it does not end, look at the witnesses of ledger.witnesses."),
    EXPORT_FAILED(
            "PAL-925",
            RETRY,
            503,
            "The newest checkpoint could not be handed to what ledger.export.dir, ledger.export.webhook or ledger.export.s3.bucket"
                    + " names; the message says which. It is tried again; the log goes on."),
    // registry and bridges: 92x
    LINEAGE_UNAVAILABLE(
            "PAL-926",
            RETRY,
            503,
            "The lineage server or topic did not take an event: look at lineage.url, lineage.key and lineage.topic. Events wait in"
                    + " their topic and are sent again; nothing else waits for them."),
    MLFLOW_UNAVAILABLE(
            "PAL-927",
            RETRY,
            503,
            "The MLflow server did not take a run or a model: look at mlflow.uri and mlflow.key. It is tried again; nothing else"
                    + " waits for it."),
    ARTIFACT_UNKNOWN(
            "PAL-928", DEAD_LETTER, 404, "Ask palimpsest registry list for what there is; an id is written whole."),
    ARTIFACT_IN_USE(
            "PAL-929",
            DEAD_LETTER,
            409,
            "Nothing was changed: something stands on it, the message says what. Move the alias, drop the generation or let the"
                    + " run end first."),
    ARTIFACT_DIFFERS(
            "PAL-931",
            DEAD_LETTER,
            409,
            "Nothing was changed: the id is that of other bytes, and what is registered stays what it is. Give the new one an id"
                    + " of its own."),
    // erasures: 911 to 919
    DOCUMENT_SUPPRESSED(
            "PAL-911",
            DEAD_LETTER,
            409,
            "It was erased, and no source may bring it back: take it away there. If it is to come back: palimpsest erase lift URI."),
    DOCUMENT_HELD(
            "PAL-912",
            DEAD_LETTER,
            409,
            "A legal hold keeps the document: palimpsest hold list has it. Nothing was erased; ask again when it is released."),
    ERASURE_INVALID(
            "PAL-913",
            DEAD_LETTER,
            400,
            "Give document, the id of one, and reason, of 3 to 1,000 characters that say nothing of what the document says."),
    ERASURE_WAITS(
            "PAL-914",
            RETRY,
            503,
            "A step before it is not done yet: palimpsest erase status names it; it is looked at again."),
    ERASURE_INCOMPLETE(
            "PAL-915",
            STOP,
            500,
            "A store still holds something after every try, so there is no certificate: palimpsest erase status names it."
                    + " Ask for the erasure again once its cause is gone."),
    MODEL_TAINTED(
            "PAL-916",
            DEAD_LETTER,
            409,
            "The model learned from a document that was erased since and is not to serve: train anew with palimpsest runs start."),
    ERASURE_UNDER_WAY(
            "PAL-917",
            DEAD_LETTER,
            409,
            "The document is being erased, which nothing stops: palimpsest erase list has it."),
    CERTIFICATE_INVALID(
            "PAL-918",
            DEAD_LETTER,
            409,
            "There is a certificate once everything is erased: palimpsest erase status ID."),
    INTERNAL("PAL-799", STOP, 500, "A defect: report it with the log lines around it.");

    private static final Map<String, ErrorCode> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ErrorCode::id, code -> code));

    private final String id;
    private final NextAction next;
    private final int httpStatus;
    private final String hint;

    ErrorCode(String id, NextAction next, int httpStatus, String hint) {
        this.id = id;
        this.next = next;
        this.httpStatus = httpStatus;
        this.hint = hint;
    }

    public String id() {
        return id;
    }

    /** Empty where no code of this version has the id. */
    public static Optional<ErrorCode> ofId(@Nullable String id) {
        return Optional.ofNullable(id).map(BY_ID::get);
    }

    public NextAction next() {
        return next;
    }

    /** Status of the HTTP answer when a request ends with this code. */
    public int httpStatus() {
        return httpStatus;
    }

    /** One sentence for the operator: what to do. */
    public String hint() {
        return hint;
    }
}
