package io.palimpsest.retrain.feedback;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.FeedbackGiven.Kind;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.LoggedQuery;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.platform.querylog.ShownHit;
import io.palimpsest.platform.security.Caller;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes feedback in, checked against what the query log says was shown.
 *
 * <p>Threading: safe. Ordering and idempotency: numbered per collection in the order of the commits; the same feedback of the
 * same key again is a duplicate and changes nothing. Failure: {@code FEEDBACK_*}, {@code DATABASE_FAILED}; feedback whose
 * receipt was given is in the database, and {@link FeedbackOutbox} brings it to the topic.
 */
public final class FeedbackIntake {
    /** The query log is written behind the searches, tried again for some seconds; clocks may differ a little. */
    private static final Duration LOG_DELAY = Duration.ofSeconds(15);

    private static final Duration LOG_PATIENCE = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Sql sql;
    private final LoggedQueries queries;
    private final QueryCipher cipher;
    private final KeyedDigests digests;
    private final Duration lateAfter;
    private final Clock clock;

    public FeedbackIntake(
            Sql sql, LoggedQueries queries, QueryCipher cipher, KeyedDigests digests, Duration lateAfter, Clock clock) {
        this.sql = sql;
        this.queries = queries;
        this.cipher = cipher;
        this.digests = digests;
        this.lateAfter = lateAfter;
        this.clock = clock;
    }

    /** What is only stored sealed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Personal(String caller, @Nullable String text) {}

    private record Meant(
            LoggedQuery query,
            GenerationId generation,
            ModelId model,
            @Nullable Integer value,
            @Nullable DocumentId document,
            @Nullable String passage) {}

    private record Earlier(String digest, long sequence) {}

    private record Row(
            String feedbackId,
            long sequence,
            Kind kind,
            Meant meant,
            boolean late,
            Instant givenAt,
            String digest,
            String sealed) {}

    /** @throws PalimpsestException {@code FEEDBACK_*} for what is not taken */
    public FeedbackReceipt take(Caller caller, FeedbackRequest request) {
        Meant meant = meant(logged(caller, request.queryId()), request);
        DocumentId document = meant.document();
        String feedbackId = digests.of(
                "feedback",
                meant.query().collection().toString(),
                caller.name(),
                request.queryId(),
                request.kind().name(),
                document == null ? "" : document.value(),
                Objects.requireNonNullElse(meant.passage(), ""));
        String digest =
                digests.of("content", String.valueOf(meant.value()), Objects.requireNonNullElse(request.text(), ""));
        Instant now = clock.instant();
        boolean late = now.isAfter(meant.query().askedAt().plus(lateAfter));
        String sealed = seal(feedbackId, new Personal(caller.name(), request.text()));
        return sql.inTurn("feedback_sequence", transaction -> {
            List<Earlier> earlier = transaction.query(
                    "SELECT digest, sequence_number FROM feedback WHERE feedback_id = ?",
                    row -> new Earlier(row.getString(1), row.getLong(2)),
                    feedbackId);
            if (!earlier.isEmpty()) {
                return again(feedbackId, request.kind(), digest, earlier.getFirst());
            }
            long sequence = next(transaction, meant.query().collection());
            insert(transaction, new Row(feedbackId, sequence, request.kind(), meant, late, now, digest, sealed));
            return FeedbackReceipt.taken(feedbackId, late, sequence);
        });
    }

    private static FeedbackReceipt again(String feedbackId, Kind kind, String digest, Earlier earlier) {
        if (!earlier.digest().equals(digest)) {
            throw new PalimpsestException(
                    ErrorCode.FEEDBACK_ALREADY_GIVEN, "another " + kind + " is there as " + feedbackId);
        }
        return new FeedbackReceipt(feedbackId, FeedbackReceipt.Outcome.DUPLICATE, earlier.sequence(), null);
    }

    private static long next(Sql.Transaction transaction, CollectionKey collection) throws SQLException {
        String tenant = collection.tenant().value();
        String name = collection.collection().value();
        transaction.update(
                "INSERT INTO feedback_sequence (tenant, collection, last_number) VALUES (?, ?, 1)"
                        + " ON CONFLICT (tenant, collection) DO UPDATE SET last_number = feedback_sequence.last_number + 1",
                tenant,
                name);
        return transaction
                .query(
                        "SELECT last_number FROM feedback_sequence WHERE tenant = ? AND collection = ?",
                        row -> row.getLong(1),
                        tenant,
                        name)
                .getFirst();
    }

    private void insert(Sql.Transaction transaction, Row row) throws SQLException {
        LoggedQuery query = row.meant().query();
        DocumentId document = row.meant().document();
        transaction.update(
                "INSERT INTO feedback (feedback_id, tenant, collection, sequence_number, query_id, query_key, kind, score,"
                        + " document_id, passage_id, generation, model, late, given_at, digest, sealed, published)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                row.feedbackId(),
                query.collection().tenant().value(),
                query.collection().collection().value(),
                row.sequence(),
                query.queryId(),
                digests.queryKey(query.collection(), query.request().query()),
                row.kind().name(),
                row.meant().value(),
                document == null ? null : document.value(),
                row.meant().passage(),
                row.meant().generation().value(),
                row.meant().model().value(),
                row.late() ? 1 : 0,
                row.givenAt().toEpochMilli(),
                row.digest(),
                row.sealed());
    }

    /** A query of another tenant, or of a collection that the key may not use, is one that there is not (law 7). */
    private LoggedQuery logged(Caller caller, String queryId) {
        LoggedQuery query = await(queryId);
        if (query == null || !caller.mayUse(query.collection())) {
            throw new PalimpsestException(
                    ErrorCode.FEEDBACK_QUERY_UNKNOWN, "this key knows no query of the given queryId");
        }
        return query;
    }

    private @Nullable LoggedQuery await(String queryId) {
        long end = System.nanoTime() + LOG_PATIENCE.toNanos();
        while (true) {
            LoggedQuery found = queries.find(queryId).orElse(null);
            if (found != null || !isOfNow(queryId)) {
                return found;
            }
            if (System.nanoTime() > end) {
                throw new PalimpsestException(
                        ErrorCode.FEEDBACK_QUERY_NOT_LOGGED_YET, "the query is too young to be told from a forged one");
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PalimpsestException(ErrorCode.FEEDBACK_QUERY_NOT_LOGGED_YET, "the server ends", e);
            }
        }
    }

    /** Query ids are UUIDs of version 7: their first 48 bits are the time (RFC 9562 §5.7). */
    private boolean isOfNow(String queryId) {
        try {
            UUID id = UUID.fromString(queryId);
            long age = clock.millis() - (id.getMostSignificantBits() >>> 16);
            return id.version() == 7 && Math.abs(age) < LOG_DELAY.toMillis();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Meant meant(LoggedQuery query, FeedbackRequest request) {
        GenerationId generation = query.generation();
        ModelId model = query.model();
        if (generation == null || model == null) {
            throw new PalimpsestException(ErrorCode.FEEDBACK_QUERY_UNKNOWN, "the query searched nothing");
        }
        DocumentId document = request.document();
        String passage = request.passage() == null ? null : request.passage().value();
        Integer value = request.value();
        if (request.kind() == Kind.CLICK) {
            int rank = value == null ? rank(query, request) : value;
            ShownHit clicked = at(query, rank);
            if (document != null && !matches(clicked, request)) {
                throw notShown("at rank " + rank + " another hit was shown");
            }
            return new Meant(
                    query,
                    generation,
                    model,
                    rank,
                    clicked.document(),
                    clicked.passage().value());
        }
        if (document != null && query.shown(document, request.passage()).isEmpty()) {
            throw notShown("the query's " + query.shown().size() + " hits are others");
        }
        return new Meant(query, generation, model, value, document, passage);
    }

    private static int rank(LoggedQuery query, FeedbackRequest request) {
        for (int i = 0; i < query.shown().size(); i++) {
            if (matches(query.shown().get(i), request)) {
                return i + 1;
            }
        }
        throw notShown("the query's " + query.shown().size() + " hits are others");
    }

    private static ShownHit at(LoggedQuery query, int rank) {
        if (rank > query.shown().size()) {
            throw notShown("rank " + rank + " of " + query.shown().size() + " hits");
        }
        return query.shown().get(rank - 1);
    }

    private static boolean matches(ShownHit hit, FeedbackRequest request) {
        return hit.document().equals(request.document())
                && (request.passage() == null || hit.passage().equals(request.passage()));
    }

    private static PalimpsestException notShown(String message) {
        return new PalimpsestException(ErrorCode.FEEDBACK_HIT_NOT_SHOWN, message);
    }

    private String seal(String feedbackId, Personal personal) {
        return Base64.getEncoder().encodeToString(cipher.seal(Json.write(personal), feedbackId.getBytes(UTF_8)));
    }
}
