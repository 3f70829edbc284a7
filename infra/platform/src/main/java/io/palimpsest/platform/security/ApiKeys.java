package io.palimpsest.platform.security;

import com.fasterxml.jackson.databind.DeserializationFeature;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The known keys. A key file is read again when it changes; an unreadable new version is reported, and the last good
 * one stays in force.
 *
 * <p>Threading: safe. Failure: {@link ErrorCode#CONFIG_INVALID} when the file is not readable at the start.
 */
public final class ApiKeys {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);

    private final @Nullable Path file;
    private final List<KeyEntry> fixed;
    private final @Nullable ServiceKeys services;
    private final AtomicReference<Loaded> loaded;

    private record Stamp(FileTime modified, long size) {}

    private record Loaded(@Nullable Stamp stamp, List<KeyEntry> entries) {}

    private ApiKeys(@Nullable Path file, List<KeyEntry> fixed) {
        this.file = file;
        this.fixed = List.copyOf(fixed);
        this.services = null;
        this.loaded = new AtomicReference<>(file == null ? new Loaded(null, List.of()) : load(file));
    }

    private ApiKeys(ApiKeys people, ServiceKeys services) {
        this.file = people.file;
        this.fixed = people.fixed;
        this.services = services;
        this.loaded = people.loaded;
    }

    public static ApiKeys of(List<KeyEntry> entries) {
        return new ApiKeys(null, entries);
    }

    /** The keys of a JSON file (a list of {@link KeyEntry}), and the given ones beside them. */
    public static ApiKeys fromFile(Path file, KeyEntry... others) {
        return new ApiKeys(file, List.of(others));
    }

    /** The same, and another service of the deployment beside them. */
    public ApiKeys accepting(ServiceKeys others) {
        return new ApiKeys(this, others);
    }

    /**
     * @param bearer the key, without {@code Bearer}; null or unknown gives nothing
     */
    public Optional<Caller> authenticate(@Nullable String bearer) {
        if (bearer == null || bearer.isEmpty()) {
            return Optional.empty();
        }
        byte[] hash = ascii(ContentHash.ofText(bearer));
        Optional<Caller> match = Optional.empty();
        // No early exit, and each comparison in constant time: the time taken says nothing about the keys.
        for (List<KeyEntry> entries : List.of(fixed, current())) {
            for (KeyEntry entry : entries) {
                if (MessageDigest.isEqual(hash, ascii(entry.keyHash()))) {
                    match = Optional.of(entry.caller());
                }
            }
        }
        return match.isEmpty() && services != null ? services.authenticate(bearer) : match;
    }

    private List<KeyEntry> current() {
        Loaded now = loaded.get();
        if (file == null) {
            return now.entries();
        }
        try {
            if (!stamp(file).equals(now.stamp())) {
                now = load(file);
                loaded.set(now);
                LOG.atInfo().log("the key file was read again");
            }
        } catch (IOException | PalimpsestException e) {
            LOG.atWarn()
                    .addKeyValue("errorCode", ErrorCode.CONFIG_INVALID.id())
                    .log("the key file cannot be read; the last good version stays in force");
        }
        return now.entries();
    }

    private static Loaded load(Path file) {
        try {
            Stamp stamp = stamp(file);
            KeyEntry[] entries = Json.mapper()
                    .readerFor(KeyEntry[].class)
                    .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .without(com.fasterxml.jackson.core.JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
                    .readValue(Files.readAllBytes(file));
            return new Loaded(stamp, List.of(entries));
        } catch (IOException | RuntimeException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "the key file " + file + " cannot be used: it must be a JSON list of {keyHash, tenant, name,"
                            + " collections, roles, groups}",
                    e);
        }
    }

    private static Stamp stamp(Path file) throws IOException {
        return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
    }

    private static byte[] ascii(ContentHash hash) {
        return hash.value().getBytes(StandardCharsets.US_ASCII);
    }
}
