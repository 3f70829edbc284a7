package io.palimpsest.contracts.id;

/** A collection, named in full. Part of every key, path and cache (law 7). */
public record CollectionKey(TenantId tenant, CollectionId collection) implements Comparable<CollectionKey> {
    public static CollectionKey of(String tenant, String collection) {
        return new CollectionKey(new TenantId(tenant), new CollectionId(collection));
    }

    @Override
    public int compareTo(CollectionKey other) {
        int byTenant = tenant.compareTo(other.tenant);
        return byTenant != 0 ? byTenant : collection.compareTo(other.collection);
    }

    /** {@code tenant/collection}. */
    @Override
    public String toString() {
        return tenant + "/" + collection;
    }
}
