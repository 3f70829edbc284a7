/** Documents of real formats, good and bad, for tests. Whoever uses it has the formats' libraries (Tika's parsers). */
@NullMarked
package io.palimpsest.testkit.document;

import org.jspecify.annotations.NullMarked;
