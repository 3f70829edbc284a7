/**
 * The content store: bytes of documents, content-addressed, encrypted under a key of the document's own. Must not log or name content. Entry class: {@link io.palimpsest.platform.content.ContentStore}.
 */
@NullMarked
package io.palimpsest.platform.content;

import org.jspecify.annotations.NullMarked;
