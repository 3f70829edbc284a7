/**
 * Erasure of documents: the inventory of what can hold one, what keeps a source from bringing it back, and what each process does of
 * it. Knows no workflow. Entry classes: {@link io.palimpsest.platform.erasure.ErasableStore}, {@link
 * io.palimpsest.platform.erasure.ErasureWorker}.
 */
@NullMarked
package io.palimpsest.platform.erasure;

import org.jspecify.annotations.NullMarked;
