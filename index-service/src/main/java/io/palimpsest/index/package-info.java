/** Revision to searchable: embed, index, search, answer. Entry class: {@link io.palimpsest.index.IndexApp}. */
@NullMarked
package io.palimpsest.index;

import org.jspecify.annotations.NullMarked;
