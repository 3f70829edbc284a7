/** Real document histories from the shared data: every change of every document, with its content. */
@NullMarked
package io.palimpsest.testkit.history;

import org.jspecify.annotations.NullMarked;
