package io.palimpsest.ingest.gate;

import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.platform.ledger.LedgerEntries;
import java.util.Map;
import java.util.function.Function;

/** The ledger entry of an accepted change: which change, which version, never which document in the clear. */
public final class AcceptedEntries implements Function<DocumentAccepted, LedgerEntry> {
    private static final String ACTOR = "service:ingest";

    private final LedgerEntries entries;

    public AcceptedEntries(LedgerEntries entries) {
        this.entries = entries;
    }

    @Override
    public LedgerEntry apply(DocumentAccepted accepted) {
        return entries.ofDocument(
                LedgerEntry.Type.CHANGE_ACCEPTED,
                accepted.acceptedAt(),
                ACTOR,
                accepted.key(),
                accepted.changeId().value(),
                Map.of(
                        "changeId", accepted.changeId().value(),
                        "version", Long.toString(accepted.version()),
                        "effect", accepted.effect().name()));
    }
}
