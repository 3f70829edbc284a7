package io.palimpsest.platform.querylog;

import com.google.crypto.tink.Aead;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.security.GeneralSecurityException;

/** With an AEAD of Google Tink. */
public final class TinkQueryCipher implements QueryCipher {
    private final Aead aead;

    public TinkQueryCipher(Aead aead) {
        this.aead = aead;
    }

    @Override
    public byte[] seal(byte[] plain, byte[] context) {
        try {
            return aead.encrypt(plain, context);
        } catch (GeneralSecurityException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "a query record could not be sealed", e);
        }
    }

    @Override
    public byte[] open(byte[] sealed, byte[] context) {
        try {
            return aead.decrypt(sealed, context);
        } catch (GeneralSecurityException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "a query record does not open with this key", e);
        }
    }
}
