package io.palimpsest.platform.content;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.database.Sql;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key of each document, kept wrapped by the master key in table {@code document_key}. Unwrapped ones are cached for
 * a minute at most, so that a key destroyed by another process is soon gone from this one too.
 *
 * <p>Threading: safe.
 */
public final class DocumentKeys {
    /** Arbitrary: more documents than are worked on at one time. */
    private static final int CACHED = 1_000;

    private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();
    private static final AesGcmHkdfStreamingParameters PARAMETERS = parameters();

    private final Sql sql;
    private final Aead master;
    private final Map<String, Cached> cache = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Cached> eldest) {
            return size() > CACHED;
        }
    };

    private record Cached(StreamingAead key, long atNanos) {}

    public DocumentKeys(Sql sql, Aead master) {
        this.sql = sql;
        this.master = master;
        try {
            StreamingAeadConfig.register();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is part of every Java platform", e);
        }
    }

    Optional<StreamingAead> find(DocumentKey document) {
        String hash = document.hash();
        Cached cached = cached(hash);
        if (cached != null) {
            return Optional.of(cached.key());
        }
        return sql.first("SELECT wrapped FROM document_key WHERE document_hash = ?", row -> row.getString(1), hash)
                .map(wrapped -> remember(hash, unwrap(hash, wrapped)));
    }

    StreamingAead findOrCreate(DocumentKey document) {
        return find(document).orElseGet(() -> create(document));
    }

    /** A new key, unless another thread or process has made one meanwhile: then that one. */
    private StreamingAead create(DocumentKey document) {
        String hash = document.hash();
        Made made = make(hash);
        int inserted = sql.update(
                "INSERT INTO document_key (document_hash, wrapped) VALUES (?, ?) ON CONFLICT (document_hash) DO NOTHING",
                hash,
                made.wrapped());
        if (inserted == 1) {
            return remember(hash, made.key());
        }
        return find(document)
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.CONTENT_GONE, "the key of document " + hash + " was destroyed while it was made"));
    }

    void destroy(DocumentKey document) {
        String hash = document.hash();
        sql.update("DELETE FROM document_key WHERE document_hash = ?", hash);
        synchronized (cache) {
            cache.remove(hash);
        }
    }

    private @Nullable Cached cached(String hash) {
        synchronized (cache) {
            Cached cached = cache.get(hash);
            if (cached != null && System.nanoTime() - cached.atNanos() > KEPT_NANOS) {
                cache.remove(hash);
                return null;
            }
            return cached;
        }
    }

    private StreamingAead remember(String hash, StreamingAead key) {
        synchronized (cache) {
            cache.put(hash, new Cached(key, System.nanoTime()));
        }
        return key;
    }

    /** @param wrapped by the master key, as the database keeps it */
    private record Made(StreamingAead key, String wrapped) {}

    private Made make(String hash) {
        try {
            KeysetHandle made = KeysetHandle.generateNew(PARAMETERS, RegistryConfiguration.get());
            byte[] wrapped = TinkProtoKeysetFormat.serializeEncryptedKeyset(
                    made, master, hash.getBytes(US_ASCII), RegistryConfiguration.get());
            return new Made(
                    made.getPrimitive(RegistryConfiguration.get(), StreamingAead.class),
                    Base64.getEncoder().encodeToString(wrapped));
        } catch (GeneralSecurityException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "no key could be made for document " + hash, e);
        }
    }

    private StreamingAead unwrap(String hash, String wrapped) {
        try {
            return TinkProtoKeysetFormat.parseEncryptedKeyset(
                            Base64.getDecoder().decode(wrapped),
                            master,
                            hash.getBytes(US_ASCII),
                            RegistryConfiguration.get())
                    .getPrimitive(RegistryConfiguration.get(), StreamingAead.class);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new PalimpsestException(
                    ErrorCode.STORE_FAILED,
                    "the key of document " + hash + " cannot be unwrapped: is this the master key it was made with?",
                    e);
        }
    }

    /** Tink's AES256-GCM-HKDF with segments of 64 KiB: most documents fit one, and none costs a 1 MiB buffer. */
    private static AesGcmHkdfStreamingParameters parameters() {
        try {
            return AesGcmHkdfStreamingParameters.builder()
                    .setKeySizeBytes(32)
                    .setDerivedAesGcmKeySizeBytes(32)
                    .setHkdfHashType(AesGcmHkdfStreamingParameters.HashType.SHA256)
                    .setCiphertextSegmentSizeBytes(64 * 1024)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("constant parameters", e);
        }
    }
}
