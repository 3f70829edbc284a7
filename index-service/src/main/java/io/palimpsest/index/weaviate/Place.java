package io.palimpsest.index.weaviate;

import org.jspecify.annotations.Nullable;

/**
 * A collection of the server, and whose part of it.
 *
 * @param tenant null = the collection has no tenants
 */
record Place(String collection, @Nullable String tenant) {}
