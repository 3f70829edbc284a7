/**
 * Text as the embedder counts it: ingest cuts passages by these tokens and index embeds with them, so both must agree to the token.
 * Nothing here embeds, and nothing is downloaded. Entry: {@link io.palimpsest.platform.tokens.EmbedderTokenizer}.
 */
@NullMarked
package io.palimpsest.platform.tokens;

import org.jspecify.annotations.NullMarked;
