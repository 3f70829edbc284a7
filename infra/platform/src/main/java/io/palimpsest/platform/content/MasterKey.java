package io.palimpsest.platform.content;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.security.SecretFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** The key that wraps the documents' keys: a Tink keyset in JSON, in a file only its owner can read. */
public final class MasterKey {
    private MasterKey() {}

    /** Reads it; made at the first start. Without this file no content can be read again: it belongs in a safe place. */
    public static Aead ensure(Path file) {
        try {
            AeadConfig.register();
            byte[] json = SecretFile.ensure(file, MasterKey::generate);
            return TinkJsonProtoKeysetFormat.parseKeyset(
                            new String(json, StandardCharsets.UTF_8),
                            RegistryConfiguration.get(),
                            InsecureSecretKeyAccess.get())
                    .getPrimitive(RegistryConfiguration.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID, "the master key file " + file + " is not a Tink AEAD keyset in JSON", e);
        }
    }

    private static byte[] generate() {
        try {
            KeysetHandle handle =
                    KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get());
            return TinkJsonProtoKeysetFormat.serializeKeyset(
                            handle, RegistryConfiguration.get(), InsecureSecretKeyAccess.get())
                    .getBytes(StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is part of every Java platform", e);
        }
    }
}
