package io.palimpsest.platform.security;

import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.TenantId;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who is asking, as their key says.
 *
 * @param name unique in the tenant
 * @param collections what it may use; empty means nothing
 * @param everyCollection all collections of the tenant, present and future
 */
public record Caller(
        TenantId tenant,
        String name,
        Set<String> groups,
        Set<CollectionId> collections,
        Set<Role> roles,
        boolean everyCollection) {
    public Caller {
        groups = Set.copyOf(groups);
        collections = Set.copyOf(collections);
        roles = Set.copyOf(roles);
    }

    public Caller(TenantId tenant, String name, Set<String> groups, Set<CollectionId> collections, Set<Role> roles) {
        this(tenant, name, groups, collections, roles, false);
    }

    public boolean mayUse(CollectionId collection) {
        return everyCollection || collections.contains(collection);
    }

    /** Never one of another tenant. */
    public boolean mayUse(CollectionKey collection) {
        return tenant.equals(collection.tenant()) && mayUse(collection.collection());
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }

    /** As access lists name it: {@code user:<name>}, {@code group:<group>} for each, and {@code *} for everyone. */
    public Set<String> principals() {
        Set<String> principals = new TreeSet<>();
        principals.add("*");
        principals.add("user:" + name);
        groups.forEach(group -> principals.add("group:" + group));
        return Collections.unmodifiableSet(principals);
    }
}
