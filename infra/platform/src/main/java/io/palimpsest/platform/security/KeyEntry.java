package io.palimpsest.platform.security;

import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.contracts.model.ModelManifest;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One key of the key file. The key itself is nowhere in it.
 *
 * @param keyHash SHA-256 of the key's UTF-8 bytes, hex
 * @param collections names, or {@code *} for all of the tenant
 */
public record KeyEntry(
        ContentHash keyHash,
        TenantId tenant,
        String name,
        List<String> collections,
        List<Role> roles,
        @Nullable List<String> groups) {
    private static final String EVERY = "*";

    public KeyEntry {
        // Jackson gives null for what the file does not say.
        Objects.requireNonNull(keyHash, "keyHash");
        Objects.requireNonNull(tenant, "tenant");
        if (name.isBlank()) {
            throw new IllegalArgumentException("a key needs a name");
        }
        if (tenant.equals(ModelManifest.TENANT)) {
            throw new IllegalArgumentException("tenant " + tenant + " is reserved for models");
        }
        collections = List.copyOf(collections);
        roles = List.copyOf(roles);
        groups = groups == null ? List.of() : List.copyOf(groups);
        collections.stream().filter(c -> !c.equals(EVERY)).forEach(CollectionId::new);
    }

    Caller caller() {
        Set<CollectionId> named = new HashSet<>();
        collections.stream()
                .filter(c -> !c.equals(EVERY))
                .map(CollectionId::new)
                .forEach(named::add);
        return new Caller(
                tenant,
                name,
                groups == null ? Set.of() : Set.copyOf(groups),
                named,
                Set.copyOf(roles),
                collections.contains(EVERY));
    }
}
