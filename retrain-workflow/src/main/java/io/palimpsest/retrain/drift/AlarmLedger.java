package io.palimpsest.retrain.drift;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes each alarm down before it is passed on. Ordering and idempotency: the same alarm is the same entry. */
record AlarmLedger(LedgerEntries entries, LedgerSink ledger, DriftAlarms next) implements DriftAlarms {
    @Override
    public void raised(DriftAlarm alarm) {
        record(alarm);
        next.raised(alarm);
    }

    /** For those that hold after a restart: the process may have died before it could. */
    void record(DriftAlarm alarm) {
        String signals = alarm.evidence().stream()
                .map(DriftAlarm.Evidence::signal)
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
        ledger.record(entries.ofCollection(
                LedgerEntry.Type.DRIFT_ALARM,
                alarm.raisedAt(),
                "retrain/drift",
                alarm.collection(),
                alarm.id(),
                Map.of("alarm", alarm.id(), "kind", alarm.kind().name(), "signals", signals)));
    }
}
