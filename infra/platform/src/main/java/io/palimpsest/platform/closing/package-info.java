/**
 * How what was started ends. Knows nothing of what it closes. Entry class: {@link io.palimpsest.platform.closing.Closing}.
 */
@NullMarked
package io.palimpsest.platform.closing;

import org.jspecify.annotations.NullMarked;
