package io.palimpsest.platform.security;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * The one key of a machine of one's own: all roles in all collections of tenant {@code local}. The command line reads it
 * from the same file.
 *
 * @param file readable by its owner only
 */
public record LocalKey(Path file, String secret, KeyEntry entry) {
    public static final TenantId TENANT = new TenantId("local");
    private static final int BYTES = 32;

    /** The key under the data folder ({@code local.key}), made at the first start. */
    public static LocalKey ensure(Path dataDir) {
        Path file = file(dataDir);
        byte[] content = SecretFile.ensure(
                file,
                () -> ("pal_" + HexFormat.of().formatHex(SecretFile.random(BYTES)))
                        .getBytes(StandardCharsets.US_ASCII));
        String secret = new String(content, StandardCharsets.US_ASCII).strip();
        KeyEntry entry = new KeyEntry(
                ContentHash.ofText(secret), TENANT, "local", List.of("*"), List.of(Role.values()), List.of());
        return new LocalKey(file, secret, entry);
    }

    /** Where it is, whether made or not. */
    public static Path file(Path dataDir) {
        return dataDir.resolve("local.key");
    }

    @Override
    public String toString() {
        return "LocalKey[" + file + "]";
    }
}
