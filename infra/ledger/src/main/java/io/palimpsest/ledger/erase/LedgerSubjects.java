package io.palimpsest.ledger.erase;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasing;
import io.palimpsest.platform.ledger.LedgerEntries;
import java.util.List;
import java.util.Set;

/**
 * What opens the commitments of the log that are about the document. Once there is a certificate it waits for its entry: all that
 * was told of the document before is in the log by then, and can make nothing anew.
 */
public record LedgerSubjects(Sql sql, LedgerEntries entries, Certificates certificates) implements ErasableStore {
    @Override
    public String name() {
        return "ledger-subjects";
    }

    @Override
    public Phase phase() {
        return Phase.PROOFS;
    }

    @Override
    public Coverage covers() {
        return Coverage.folders("ledger").andTables("ledger_subject").andTopics(Set.of(Topics.LEDGER_ENTRY.name()));
    }

    @Override
    public long erase(Erasing erasing) {
        if (certificates.isAwaited(erasing.id())) {
            throw new PalimpsestException(
                    ErrorCode.ERASURE_WAITS, "the entry of the certificate is not in the log yet");
        }
        return sql.update("DELETE FROM ledger_subject WHERE inner_commitment = ?", commitment(erasing));
    }

    @Override
    public Probed probe(Erasing erasing) {
        return new Probed(
                sql.first(
                                "SELECT COUNT(*) FROM ledger_subject WHERE inner_commitment = ?",
                                row -> row.getLong(1),
                                commitment(erasing))
                        .orElse(0L),
                List.of(
                        "The log keeps its entries: commitments whose salt is destroyed, which nobody can open, and ids that are HMACs"
                                + " under the deployment's key. Whoever has that key, the document's id and all that an entry says can"
                                + " recognise it by its id. The topic of entries keeps unsalted commitments for "
                                + Topics.LEDGER_ENTRY.retention().toDays() + " days, which the same can recognise."));
    }

    private String commitment(Erasing erasing) {
        return entries.subject(erasing.document()).commitment();
    }
}
