/**
 * What people say of results: taken in, told apart from forged and late, bound to what produced the hit.
 * Entry class: {@code FeedbackIntake}.
 */
@NullMarked
package io.palimpsest.retrain.feedback;

import org.jspecify.annotations.NullMarked;
