/**
 * Reads Markdown into an extracted document. Pure. Entry class: {@link io.palimpsest.ingest.extract.markdown.MarkdownBlocks}.
 */
@NullMarked
package io.palimpsest.ingest.extract.markdown;

import org.jspecify.annotations.NullMarked;
