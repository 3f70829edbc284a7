/** Feedback: intake, outbox, routes. */
@NullMarked
package io.palimpsest.retrain.feedback;

import org.jspecify.annotations.NullMarked;
