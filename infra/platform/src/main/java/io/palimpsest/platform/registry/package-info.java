/**
 * Everything that versions are made of, in one list: models, rerankers, tokenisers, generators, passage policies, extractors, training sets,
 * generations, runs, and the aliases that point at them. It knows tables of all services and changes none of theirs. Entry class:
 * {@link io.palimpsest.platform.registry.RegistryTables}.
 */
@NullMarked
package io.palimpsest.platform.registry;

import org.jspecify.annotations.NullMarked;
