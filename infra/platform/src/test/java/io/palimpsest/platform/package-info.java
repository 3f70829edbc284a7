/**
 * Support of the platform's own tests.
 */
@NullMarked
package io.palimpsest.platform;

import org.jspecify.annotations.NullMarked;
