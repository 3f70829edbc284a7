/**
 * Hybrid search: both legs, fusion, the check against the current revision, texts from the content store. Must not write to the index. Entry class: {@link io.palimpsest.index.search.SearchService}.
 */
@NullMarked
package io.palimpsest.index.search;

import org.jspecify.annotations.NullMarked;
