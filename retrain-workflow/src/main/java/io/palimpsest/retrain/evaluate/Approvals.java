package io.palimpsest.retrain.evaluate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who let a candidate go live, or did not, and why.
 *
 * <p>Threading: safe. Ordering and idempotency: a decision is taken once; whoever says the same again changes nothing. One
 * refusal ends it; an approval may need two people. Failure: {@code APPROVAL_*}, {@code ROLE_MISSING}, {@code NOT_FOUND},
 * {@code DATABASE_FAILED}.
 */
public final class Approvals {
    private static final int SHORTEST_REASON = 3;
    private static final int LONGEST_REASON = 1_000;

    private final Sql sql;
    private final LedgerEntries entries;
    private final LedgerSink ledger;
    private final Clock clock;

    public Approvals(Sql sql, LedgerEntries entries, LedgerSink ledger, Clock clock) {
        this.sql = sql;
        this.entries = entries;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Where a request stands. */
    public enum Outcome {
        WAITING,
        APPROVED,
        REJECTED,
        EXPIRED
    }

    /**
     * A request with what was said of it, in order.
     *
     * @param people different ones who must approve
     * @param expiresAt exclusive: from then on it is too late
     */
    public record Request(
            String run,
            CollectionKey collection,
            ModelId candidate,
            int people,
            Instant requestedAt,
            Instant expiresAt,
            Outcome outcome,
            List<Said> said) {
        public Request {
            said = List.copyOf(said);
        }

        private Request with(Outcome now, List<Said> saidNow) {
            return new Request(run, collection, candidate, people, requestedAt, expiresAt, now, saidNow);
        }
    }

    /** What one person said. */
    public record Said(String person, boolean approved, String reason, Instant at) {}

    /** A person's word. */
    public enum Verdict {
        APPROVE,
        REJECT
    }

    /** Begins to wait; where the run waits already, or has been decided, nothing changes. */
    public Request request(String run, CollectionKey collection, ModelId candidate, int people, Duration expiry) {
        Instant now = clock.instant();
        sql.update(
                "INSERT INTO approval_request (run, tenant, collection, candidate, people, requested_at, expires_at, outcome)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, 'WAITING') ON CONFLICT (run) DO NOTHING",
                run,
                collection.tenant().value(),
                collection.collection().value(),
                candidate.value(),
                people,
                now.toEpochMilli(),
                now.plus(expiry).toEpochMilli());
        return find(run).orElseThrow();
    }

    /**
     * Begins to wait for a second person: whoever asks has said yes already, and only somebody else can let it go ahead.
     *
     * @param subject what is to be approved, as a candidate is elsewhere
     */
    public Request requestSecond(
            String run, CollectionKey collection, ModelId subject, Duration expiry, Caller asks, String reason) {
        Request request = request(run, collection, subject, 2, expiry);
        Said word = new Said(asks.name(), true, reason, clock.instant());
        sql.update(
                "INSERT INTO approval (run, person, approved, reason, given_at) VALUES (?, ?, 1, ?, ?)"
                        + " ON CONFLICT (run, person) DO NOTHING",
                run,
                word.person(),
                word.reason(),
                word.at().toEpochMilli());
        record(request, word);
        return find(run).orElseThrow();
    }

    /** As of now: one whose time is over is expired. */
    public Optional<Request> find(String run) {
        return sql.inTurn("approval_request", transaction -> read(transaction, run));
    }

    /**
     * Takes a person's word.
     *
     * @return where the request stands then; WAITING: a second person has to approve as well
     */
    public Request decide(String run, Caller person, Verdict verdict, String reason) {
        if (!person.has(Role.APPROVE)) {
            throw new PalimpsestException(ErrorCode.ROLE_MISSING, "this call needs the role " + Role.APPROVE);
        }
        String why = reason.strip();
        if (why.length() < SHORTEST_REASON || why.length() > LONGEST_REASON) {
            throw new PalimpsestException(ErrorCode.APPROVAL_INVALID, "the reason has " + why.length() + " characters");
        }
        Said word = new Said(person.name(), verdict == Verdict.APPROVE, why, clock.instant());
        // What is refused is thrown outside: an expiry that was found out has to be committed.
        Taken taken = sql.inTurn("approval_request", transaction -> take(transaction, run, person, word));
        if (taken.refusal() != null) {
            throw new PalimpsestException(taken.refusal(), "run " + run + " is not to be decided by this call");
        }
        if (taken.request() == null) {
            throw new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such run for this key");
        }
        if (taken.isNew()) {
            record(taken.request(), word);
        }
        return taken.request();
    }

    private record Taken(
            @Nullable Request request, @Nullable ErrorCode refusal, boolean isNew) {}

    private Taken take(Sql.Transaction transaction, String run, Caller person, Said word) throws SQLException {
        Request request = read(transaction, run)
                .filter(found -> person.mayUse(found.collection()))
                .orElse(null);
        if (request == null) {
            return new Taken(null, null, false);
        }
        Optional<Said> before = request.said().stream()
                .filter(said -> said.person().equals(word.person()))
                .findFirst();
        if (request.outcome() == Outcome.EXPIRED) {
            return new Taken(request, ErrorCode.APPROVAL_EXPIRED, false);
        }
        if (before.isPresent() && before.get().approved() == word.approved()) {
            boolean secondIsMissing = request.outcome() == Outcome.WAITING;
            return new Taken(request, secondIsMissing ? ErrorCode.APPROVAL_SECOND_PERSON : null, false);
        }
        if (request.outcome() != Outcome.WAITING) {
            return new Taken(request, ErrorCode.APPROVAL_ALREADY_DECIDED, false);
        }
        return new Taken(keep(transaction, request, word), null, true);
    }

    /** Whoever approved may still refuse while a second person is waited for. */
    private static Request keep(Sql.Transaction transaction, Request request, Said word) throws SQLException {
        transaction.update(
                "INSERT INTO approval (run, person, approved, reason, given_at) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (run, person) DO UPDATE SET approved = excluded.approved, reason = excluded.reason,"
                        + " given_at = excluded.given_at",
                request.run(),
                word.person(),
                word.approved() ? 1 : 0,
                word.reason(),
                word.at().toEpochMilli());
        List<Said> said = said(transaction, request.run());
        long approvals = said.stream().filter(Said::approved).count();
        Outcome outcome = !word.approved()
                ? Outcome.REJECTED
                : approvals >= request.people() ? Outcome.APPROVED : Outcome.WAITING;
        transaction.update("UPDATE approval_request SET outcome = ? WHERE run = ?", outcome.name(), request.run());
        return request.with(outcome, said);
    }

    private Optional<Request> read(Sql.Transaction transaction, String run) throws SQLException {
        List<Request> rows = transaction.query("SELECT * FROM approval_request WHERE run = ?", Approvals::row, run);
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        Request request = rows.getFirst();
        Outcome outcome = request.outcome();
        if (outcome == Outcome.WAITING && !clock.instant().isBefore(request.expiresAt())) {
            outcome = Outcome.EXPIRED;
            transaction.update("UPDATE approval_request SET outcome = 'EXPIRED' WHERE run = ?", run);
        }
        return Optional.of(request.with(outcome, said(transaction, run)));
    }

    private static Request row(ResultSet row) throws SQLException {
        return new Request(
                row.getString("run"),
                CollectionKey.of(row.getString("tenant"), row.getString("collection")),
                new ModelId(row.getString("candidate")),
                row.getInt("people"),
                Instant.ofEpochMilli(row.getLong("requested_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                Outcome.valueOf(row.getString("outcome")),
                List.of());
    }

    private static List<Said> said(Sql.Transaction transaction, String run) throws SQLException {
        return transaction.query(
                "SELECT person, approved, reason, given_at FROM approval WHERE run = ? ORDER BY given_at, person",
                row -> new Said(
                        row.getString(1), row.getInt(2) == 1, row.getString(3), Instant.ofEpochMilli(row.getLong(4))),
                run);
    }

    private void record(Request request, Said word) {
        ledger.record(entries.entry(
                word.approved() ? LedgerEntry.Type.APPROVAL_GIVEN : LedgerEntry.Type.APPROVAL_REFUSED,
                word.at(),
                "service:retrain",
                LedgerEntries.Scope.of(request.collection()),
                request.run() + "\n" + word.person() + "\n" + word.approved(),
                Map.of(
                        "run", request.run(),
                        "model", request.candidate().value(),
                        "outcome", request.outcome().name()),
                word.person() + "\n" + word.reason()));
    }
}
