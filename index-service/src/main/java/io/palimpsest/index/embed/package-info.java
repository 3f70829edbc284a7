/**
 * Texts to vectors: in process with ONNX Runtime, or by an OpenAI-compatible endpoint, behind one cache that embeds no text twice.
 * Knows nothing of documents, generations or indexes. Entry: {@link io.palimpsest.index.embed.Embedder}.
 */
@NullMarked
package io.palimpsest.index.embed;

import org.jspecify.annotations.NullMarked;
