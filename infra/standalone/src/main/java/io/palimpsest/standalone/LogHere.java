package io.palimpsest.standalone;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.LedgerSettings;
import io.palimpsest.platform.security.TrustedServers;
import io.palimpsest.verifier.audit.LogPlace;
import java.net.http.HttpClient;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where the index service reads the log: in this process, or at the address of the settings.
 *
 * <p>Threading: safe. Failure: MANIFEST_UNPROVEN where there is neither; CONFIG_INVALID where the certificates cannot be read.
 */
final class LogHere {
    private final AtomicReference<@Nullable LogPlace> place = new AtomicReference<>();

    LogHere(LedgerSettings settings) {
        HttpClient.Builder client = HttpClient.newBuilder();
        settings.caFile().map(TrustedServers::context).ifPresent(client::sslContext);
        place.set(
                settings.address().map(there -> LogPlace.server(there, client)).orElse(null));
    }

    /** The ledger of this process. */
    void isHere(LogPlace here) {
        place.set(here);
    }

    LogPlace place() {
        LogPlace found = place.get();
        if (found == null) {
            throw new PalimpsestException(
                    ErrorCode.MANIFEST_UNPROVEN, "this process runs no ledger, and ledger.address is not set");
        }
        return found;
    }
}
