package io.palimpsest.ledger.sequence;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.security.SecretFile;
import io.palimpsest.verifier.entry.Commitment;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.pack.Opening;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The random numbers that keep commitments from being guessed: one for each scope, and for each subject, in the tables {@code
 * ledger_scope} and {@code ledger_subject}. Made before the entry that needs them is appended.
 *
 * <p>Threading: safe. Failure: DATABASE_FAILED.
 */
public final class Salts {
    private static final int BYTES = 32;
    private static final int LOOKED_UP = 500;

    private final Sql sql;

    public Salts(Sql sql) {
        this.sql = sql;
    }

    private record Scope(String tenant, String collection) {
        static Scope of(LedgerEntry entry) {
            return new Scope(
                    entry.tenant().value(),
                    entry.collection() == null ? "" : entry.collection().value());
        }
    }

    /** The entries as they will stand in the log, in their order. */
    List<Leaf> leaves(List<LedgerEntry> entries) {
        Set<Scope> scopes = new LinkedHashSet<>();
        Set<String> subjects = new LinkedHashSet<>();
        entries.forEach(entry -> {
            scopes.add(Scope.of(entry));
            if (entry.commitment() != null) {
                subjects.add(entry.commitment());
            }
        });
        Map<Scope, Hash> ofScopes = new HashMap<>();
        scopes.forEach(scope -> ofScopes.put(scope, ofScope(scope)));
        Map<String, Hash> ofSubjects = ofSubjects(subjects);
        return entries.stream()
                .map(entry -> Leaf.of(
                        entry,
                        Objects.requireNonNull(ofScopes.get(Scope.of(entry))),
                        entry.commitment() == null ? null : ofSubjects.get(entry.commitment())))
                .toList();
    }

    /**
     * As it stands in the log; empty where there are no entries about it, or it was erased.
     *
     * @param inner {@link LedgerEntry#commitment}
     */
    public Optional<Hash> subject(String inner) {
        return Optional.ofNullable(read(List.of(inner)).get(inner)).map(salt -> subject(salt, inner));
    }

    /**
     * As it stands in the log; empty where there are no entries of it.
     *
     * @param collection empty: entries of none
     */
    public Optional<Hash> scope(TenantId tenant, String collection) {
        return sql.first(
                "SELECT commitment FROM ledger_scope WHERE tenant = ? AND collection = ?",
                row -> Hash.ofHex(row.getString(1)),
                tenant.value(),
                collection);
    }

    /** What shows which entries are of a tenant, for each collection that has some. */
    public List<Opening.Scope> scopes(TenantId tenant) {
        return sql.query(
                "SELECT salt, collection FROM ledger_scope WHERE tenant = ? ORDER BY collection",
                row -> new Opening.Scope(row.getString(1), tenant.value(), row.getString(2)),
                tenant.value());
    }

    /**
     * What shows which entries are about a document; empty where there are none, or it was erased.
     *
     * @param entries of this deployment
     */
    public Optional<Opening.Subject> opening(LedgerEntries entries, DocumentKey document) {
        LedgerEntries.Subject subject = entries.subject(document);
        return Optional.ofNullable(read(List.of(subject.commitment())).get(subject.commitment()))
                .map(salt -> new Opening.Subject(
                        salt,
                        subject.opening(),
                        document.tenant().value(),
                        document.collection().value(),
                        document.toString()));
    }

    private Hash ofScope(Scope scope) {
        TenantId tenant = new TenantId(scope.tenant());
        return scope(tenant, scope.collection()).orElseGet(() -> {
            make(scope);
            return scope(tenant, scope.collection()).orElseThrow();
        });
    }

    private void make(Scope scope) {
        byte[] salt = SecretFile.random(BYTES);
        sql.update(
                "INSERT INTO ledger_scope (tenant, collection, salt, commitment) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (tenant, collection) DO NOTHING",
                scope.tenant(),
                scope.collection(),
                HexFormat.of().formatHex(salt),
                Commitment.scope(salt, scope.tenant(), scope.collection()).hex());
    }

    private Map<String, Hash> ofSubjects(Set<String> inners) {
        Map<String, String> salts = read(List.copyOf(inners));
        List<@Nullable Object[]> missing = inners.stream()
                .filter(inner -> !salts.containsKey(inner))
                .map(inner -> new @Nullable Object[] {inner, HexFormat.of().formatHex(SecretFile.random(BYTES))})
                .toList();
        if (!missing.isEmpty()) {
            sql.inTransaction(transaction -> {
                transaction.updateAll(
                        "INSERT INTO ledger_subject (inner_commitment, salt) VALUES (?, ?)"
                                + " ON CONFLICT (inner_commitment) DO NOTHING",
                        missing);
                return null;
            });
            salts.putAll(read(missing.stream().map(row -> (String) row[0]).toList()));
        }
        Map<String, Hash> subjects = new HashMap<>();
        salts.forEach((inner, salt) -> subjects.put(inner, subject(salt, inner)));
        return subjects;
    }

    private Map<String, String> read(List<String> inners) {
        Map<String, String> salts = new HashMap<>();
        for (int from = 0; from < inners.size(); from += LOOKED_UP) {
            List<String> some = inners.subList(from, Math.min(inners.size(), from + LOOKED_UP));
            sql.query(
                            "SELECT inner_commitment, salt FROM ledger_subject WHERE inner_commitment IN (?"
                                    + ", ?".repeat(some.size() - 1) + ")",
                            row -> List.of(row.getString(1), row.getString(2)),
                            some.toArray())
                    .forEach(row -> salts.put(row.get(0), row.get(1)));
        }
        return salts;
    }

    private static Hash subject(String salt, String inner) {
        return Commitment.subject(HexFormat.of().parseHex(salt), Hash.ofHex(inner));
    }
}
