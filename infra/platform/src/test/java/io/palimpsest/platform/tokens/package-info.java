/** Proves that the tokenizer counts and cuts as the embedder does. */
@NullMarked
package io.palimpsest.platform.tokens;

import org.jspecify.annotations.NullMarked;
