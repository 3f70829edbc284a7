/**
 * Query rewriting: spelling by the index's own terms, acronyms by the documents' own definitions. Tells the caller nothing about documents that the caller may not see. Entry class: {@link io.palimpsest.index.rewrite.QueryRewriter}.
 */
@NullMarked
package io.palimpsest.index.rewrite;

import org.jspecify.annotations.NullMarked;
