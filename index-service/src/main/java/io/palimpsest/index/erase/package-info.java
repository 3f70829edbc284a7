/** What the index service erases of a document. Entry class: {@link io.palimpsest.index.erase.IndexStores}. */
@NullMarked
package io.palimpsest.index.erase;

import org.jspecify.annotations.NullMarked;
