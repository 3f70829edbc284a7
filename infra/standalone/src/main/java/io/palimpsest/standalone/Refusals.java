package io.palimpsest.standalone;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.platform.http.RefusedRequest;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.LocalKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Refused requests are ledger entries: an attempt is a fact too. Those without a known key can be sent by anybody in any
 * number, so they share one entry a minute, which says how many there were since the last one.
 *
 * <p>Threading: safe.
 */
final class Refusals implements Consumer<RefusedRequest> {
    private static final Duration KEYLESS_EVERY = Duration.ofMinutes(1);

    private final LedgerEntries entries;
    private final LedgerSink ledger;
    private final AtomicReference<Instant> lastKeyless = new AtomicReference<>(Instant.MIN);
    private final AtomicLong keyless = new AtomicLong();

    Refusals(LedgerEntries entries, LedgerSink ledger) {
        this.entries = entries;
        this.ledger = ledger;
    }

    @Override
    public void accept(RefusedRequest refused) {
        if (refused.caller().isPresent()) {
            record(refused, 1);
            return;
        }
        keyless.incrementAndGet();
        Instant last = lastKeyless.get();
        if (!refused.at().isBefore(last.equals(Instant.MIN) ? last : last.plus(KEYLESS_EVERY))
                && lastKeyless.compareAndSet(last, refused.at())) {
            record(refused, keyless.getAndSet(0));
        }
    }

    private void record(RefusedRequest refused, long count) {
        TenantId tenant = refused.caller().map(Caller::tenant).orElse(LocalKey.TENANT);
        ledger.record(entries.entry(
                LedgerEntry.Type.REQUEST_REFUSED,
                refused.at(),
                refused.caller().map(caller -> "key:" + caller.name()).orElse("unknown"),
                new LedgerEntries.Scope(tenant, null),
                refused.id(),
                Map.of("route", refused.route(), "errorCode", refused.code().id(), "count", Long.toString(count)),
                null));
    }
}
