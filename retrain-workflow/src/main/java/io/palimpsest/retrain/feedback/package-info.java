/**
 * What people say of results: taken in, told apart from forged and late, bound to what produced the hit.
 * Entry class: {@link io.palimpsest.retrain.feedback.FeedbackIntake}.
 */
@NullMarked
package io.palimpsest.retrain.feedback;

import org.jspecify.annotations.NullMarked;
