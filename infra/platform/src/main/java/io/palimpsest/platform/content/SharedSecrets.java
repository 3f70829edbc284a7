package io.palimpsest.platform.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.database.Sql;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Secrets that all processes on one database have alike, sealed with the master key: so a process with another master key
 * is found out here, at its start.
 *
 * <p>Threading: safe. Failure: CONFIG_INVALID, DATABASE_FAILED.
 */
public final class SharedSecrets {
    private final Sql sql;
    private final Aead master;

    public SharedSecrets(Sql sql, Aead master) {
        this.sql = sql;
        this.master = master;
    }

    /** Of two processes that make it at once, one wins. */
    public byte[] ensure(String name, Supplier<byte[]> first) {
        String sealed = sealed(name);
        if (sealed == null) {
            sql.update(
                    "INSERT INTO shared_secret (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                    name,
                    seal(name, first.get()));
            sealed = sealed(name);
        }
        if (sealed == null) {
            throw new PalimpsestException(ErrorCode.DATABASE_FAILED, "a shared secret is not there after it was made");
        }
        try {
            return master.decrypt(Base64.getDecoder().decode(sealed), name.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "content.master.key.file: not the key that this database was made with. All processes need the same"
                            + " file; with another one no content could be read",
                    e);
        }
    }

    private @Nullable String sealed(String name) {
        return sql.first("SELECT sealed FROM shared_secret WHERE name = ?", row -> row.getString(1), name)
                .orElse(null);
    }

    private String seal(String name, byte[] secret) {
        try {
            return Base64.getEncoder().encodeToString(master.encrypt(secret, name.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is part of every Java platform", e);
        }
    }
}
