/**
 * Graded labels: review queues, two reviewers, agreement, adjudication.
 * Entry class: {@code Judgements}.
 */
@NullMarked
package io.palimpsest.retrain.judgement;

import org.jspecify.annotations.NullMarked;
