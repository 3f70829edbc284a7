/** Tests of manifests. */
@NullMarked
package io.palimpsest.index.manifest;

import org.jspecify.annotations.NullMarked;
