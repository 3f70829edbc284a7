package io.palimpsest.ledger.key;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.LogKeySettings;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteKey;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.Signing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.cert.Certificate;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * A key in a keystore of the Java platform: a PKCS#12 file, or a device behind PKCS#11, which the key never leaves. The provider
 * {@code SunPKCS11} of Java 25 offers no Ed25519 yet: until one does, a device is asked by a command.
 */
final class KeyStoreKey {
    private KeyStoreKey() {}

    /** @throws PalimpsestException CONFIG_INVALID */
    static NoteSigner open(LogKeySettings settings, String origin, Clock clock) {
        Path file = settings.file().orElseThrow();
        char[] password =
                settings.password().isPresent() ? settings.password().value().toCharArray() : new char[0];
        try {
            KeyStore store = store(settings, file, password);
            if (!(store.getKey(settings.alias(), password) instanceof PrivateKey secret)) {
                throw invalid("has no private key " + settings.alias(), null);
            }
            Certificate certificate = store.getCertificate(settings.alias());
            if (certificate == null) {
                throw invalid("has no certificate of " + settings.alias(), null);
            }
            NoteKey key = new NoteKey(origin, KeyType.ED25519, certificate.getPublicKey());
            return new NoteSigner(key, available(Signing.of(secret)), clock);
        } catch (GeneralSecurityException | IOException | IllegalArgumentException | ProviderException e) {
            throw invalid("cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore store(LogKeySettings settings, Path file, char[] password)
            throws GeneralSecurityException, IOException {
        if (settings.source() == LogKeySettings.Source.PKCS11) {
            Provider provider = Security.getProvider("SunPKCS11");
            if (provider == null) {
                throw invalid("cannot be used: this Java platform has no provider SunPKCS11", null);
            }
            KeyStore device = KeyStore.getInstance("PKCS11", provider.configure(file.toString()));
            device.load(null, password);
            return device;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        return store;
    }

    /** A device that is away is waited for: entries are appended again. */
    private static Signing available(Signing signing) {
        return message -> {
            try {
                return signing.sign(message);
            } catch (IllegalStateException e) {
                throw new PalimpsestException(
                        ErrorCode.LEDGER_UNAVAILABLE, "the key of the log does not sign: " + e.getMessage(), e);
            }
        };
    }

    private static PalimpsestException invalid(String why, @Nullable Exception cause) {
        return new PalimpsestException(ErrorCode.CONFIG_INVALID, "ledger.key.store.file: " + why, cause);
    }
}
