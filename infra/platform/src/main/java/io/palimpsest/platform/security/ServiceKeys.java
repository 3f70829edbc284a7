package io.palimpsest.platform.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.contracts.model.ModelManifest;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;

/**
 * Keys with which the retrain service calls the index service, one for each tenant and none of them kept: whoever has the
 * deployment's secret can make and check them. What they find is what everyone in the tenant may see.
 *
 * <p>Format: {@code pals.TENANT.MAC}, where MAC is the lower-case hex of HMAC-SHA-256 under the secret over the UTF-8 bytes of
 * {@code "service:retrain\n" + TENANT}. A tenant's name has no dot.
 *
 * <p>Threading: safe.
 */
public final class ServiceKeys {
    private static final String NAME = "service:retrain";
    private static final String PREFIX = "pals.";
    private static final Set<Role> ROLES = Set.of(Role.SEARCH, Role.OPERATE, Role.APPROVE);

    private final HmacSha256 hmac;

    /** @param secret at least 32 random bytes, the same in all processes */
    public ServiceKeys(byte[] secret) {
        this.hmac = new HmacSha256(secret);
    }

    /** As a bearer sends it. */
    public String key(TenantId tenant) {
        return PREFIX + tenant + "." + mac(tenant);
    }

    /** Empty for what is no such key. */
    Optional<Caller> authenticate(String bearer) {
        int dot = bearer.lastIndexOf('.');
        if (!bearer.startsWith(PREFIX) || dot < PREFIX.length()) {
            return Optional.empty();
        }
        TenantId tenant;
        try {
            tenant = new TenantId(bearer.substring(PREFIX.length(), dot));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        boolean ours = MessageDigest.isEqual(
                mac(tenant).getBytes(US_ASCII), bearer.substring(dot + 1).getBytes(UTF_8));
        return ours && !tenant.equals(ModelManifest.TENANT)
                ? Optional.of(new Caller(tenant, NAME, Set.of(), Set.of(), ROLES, true))
                : Optional.empty();
    }

    private String mac(TenantId tenant) {
        return hmac.hex(NAME + "\n" + tenant);
    }

    @Override
    public String toString() {
        return "ServiceKeys"; // not the secret
    }
}
