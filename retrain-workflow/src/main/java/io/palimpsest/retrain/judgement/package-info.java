/**
 * Graded labels: review queues, two reviewers, agreement, adjudication. Nothing here learns from them.
 * Entry class: {@link io.palimpsest.retrain.judgement.Judgements}.
 */
@NullMarked
package io.palimpsest.retrain.judgement;

import org.jspecify.annotations.NullMarked;
