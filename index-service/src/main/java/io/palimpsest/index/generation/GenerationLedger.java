package io.palimpsest.index.generation;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells the ledger of generations. Ordering and idempotency: the same act, told again, is the same entry. */
final class GenerationLedger {
    static final String SERVICE = "service:index";

    private final LedgerEntries entries;
    private final LedgerSink sink;

    GenerationLedger(LedgerEntries entries, LedgerSink sink) {
        this.entries = entries;
        this.sink = sink;
    }

    void made(GenerationRow row, String actor) {
        record(
                LedgerEntry.Type.GENERATION_MADE,
                row.madeAt(),
                actor,
                row.collection(),
                row.id().value(),
                facts(row),
                null);
    }

    void live(GenerationRow row, LivePeriod period) {
        live(row, period, null);
    }

    /**
     * The reason is a person's words: what is told is a commitment to it.
     *
     * @param manifest root of the newest one, Base64
     */
    void live(GenerationRow row, LivePeriod period, @Nullable String manifest) {
        Map<String, String> facts = facts(row, manifest);
        facts.put("act", period.act().name());
        facts.put("number", Long.toString(period.number()));
        record(
                LedgerEntry.Type.GENERATION_LIVE,
                period.from(),
                period.actor(),
                row.collection(),
                row.id() + "\n" + period.number(),
                facts,
                period.reason());
    }

    /** @param manifest root of the newest one, Base64 */
    void dropped(GenerationRow row, Instant at, String actor, @Nullable String manifest) {
        record(
                LedgerEntry.Type.GENERATION_DROPPED,
                at,
                actor,
                row.collection(),
                row.id().value(),
                facts(row, manifest),
                null);
    }

    private static Map<String, String> facts(GenerationRow row, @Nullable String manifest) {
        Map<String, String> facts = new HashMap<>(facts(row));
        if (manifest != null) {
            facts.put("manifest", manifest);
        }
        return facts;
    }

    private static Map<String, String> facts(GenerationRow row) {
        return Map.of(
                "generation",
                row.id().value(),
                "model",
                row.model().value(),
                "policy",
                row.passages().policy().value());
    }

    private void record(
            LedgerEntry.Type type,
            Instant at,
            String actor,
            CollectionKey collection,
            String act,
            Map<String, String> facts,
            @Nullable String personal) {
        LedgerEntries.Scope scope = LedgerEntries.Scope.of(collection);
        sink.record(entries.entry(type, at, actor, scope, act, facts, personal));
    }
}
