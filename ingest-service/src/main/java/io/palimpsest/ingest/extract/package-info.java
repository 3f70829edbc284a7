/**
 * Step 3 of the flow: document bytes to an {@code ExtractedDocument}, by Apache Tika in forked JVMs. No parser of a
 * binary format runs in this process. Entry class: {@link io.palimpsest.ingest.extract.ForkedExtractor}.
 */
@NullMarked
package io.palimpsest.ingest.extract;

import org.jspecify.annotations.NullMarked;
