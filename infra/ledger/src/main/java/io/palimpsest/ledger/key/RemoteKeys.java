package io.palimpsest.ledger.key;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.LogKeySettings;
import io.palimpsest.verifier.note.NoteSignature;
import io.palimpsest.verifier.note.NoteSigner;
import java.time.Clock;
import java.util.Optional;

/** The key of the settings, where it is not in {@code ledger.key.file}. */
public final class RemoteKeys {
    private static final String PROBE = "probe\n";

    private RemoteKeys() {}

    /**
     * @param origin name of the log, and so of the key
     * @return empty where the settings name a file
     * @throws PalimpsestException CONFIG_INVALID when there is no such key, or it does not sign
     */
    public static Optional<NoteSigner> open(LogKeySettings settings, String origin, Clock clock) {
        Optional<NoteSigner> found = switch (settings.source()) {
            case FILE -> Optional.empty();
            case PKCS12, PKCS11 -> Optional.of(KeyStoreKey.open(settings, origin, clock));
            case COMMAND -> Optional.of(CommandKey.open(settings, clock));
        };
        found.ifPresent(RemoteKeys::probe);
        return found;
    }

    private static void probe(NoteSigner signer) {
        try {
            NoteSignature unused = signer.sign(PROBE);
        } catch (RuntimeException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID, "ledger.key.source: the key does not sign: " + e.getMessage(), e);
        }
    }
}
