package io.palimpsest.standalone;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.verifier.audit.LogPlace;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where the index service reads the log: in this process, or at the address of the settings.
 *
 * <p>Threading: safe. Failure: MANIFEST_UNPROVEN where there is neither.
 */
final class LogHere {
    private final AtomicReference<@Nullable LogPlace> place = new AtomicReference<>();

    LogHere(Optional<URI> address) {
        place.set(address.map(there -> LogPlace.of(there.toString())).orElse(null));
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
