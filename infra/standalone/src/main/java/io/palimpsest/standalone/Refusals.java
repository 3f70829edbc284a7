package io.palimpsest.standalone;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.platform.http.RefusedRequest;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.LocalKey;
import java.util.Map;
import java.util.function.Consumer;

/** Refused requests are ledger entries: an attempt is a fact too. */
record Refusals(LedgerEntries entries, LedgerSink ledger) implements Consumer<RefusedRequest> {
    @Override
    public void accept(RefusedRequest refused) {
        TenantId tenant = refused.caller().map(Caller::tenant).orElse(LocalKey.TENANT);
        ledger.record(entries.entry(
                LedgerEntry.Type.REQUEST_REFUSED,
                refused.at(),
                refused.caller().map(caller -> "key:" + caller.name()).orElse("unknown"),
                new LedgerEntries.Scope(tenant, null),
                refused.id(),
                Map.of("route", refused.route(), "errorCode", refused.code().id()),
                null));
    }
}
