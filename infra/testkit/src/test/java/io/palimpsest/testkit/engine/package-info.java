/** Each engine does for real what the platform asks of it. */
@NullMarked
package io.palimpsest.testkit.engine;

import org.jspecify.annotations.NullMarked;
