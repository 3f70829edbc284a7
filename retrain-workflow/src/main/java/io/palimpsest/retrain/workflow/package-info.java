/**
 * The durable stories (Temporal): collect feedback, watch drift, fine-tune, roll out. Histories carry ids and hashes only.
 * Entry class: {@code RetrainWorker}.
 */
@NullMarked
package io.palimpsest.retrain.workflow;

import org.jspecify.annotations.NullMarked;
