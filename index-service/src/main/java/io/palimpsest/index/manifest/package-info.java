/**
 * Manifests of the index: which passages a generation had at a moment, as sorted leaves whose root is in the log, and proofs out of
 * them. Writes nothing into the index. Entry class: {@link io.palimpsest.index.manifest.Manifests}.
 */
@NullMarked
package io.palimpsest.index.manifest;

import org.jspecify.annotations.NullMarked;
