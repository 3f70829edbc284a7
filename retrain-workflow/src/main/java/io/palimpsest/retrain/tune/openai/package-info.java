/**
 * Generators fine-tuned elsewhere, over the OpenAI-compatible fine-tuning API: upload, job, events, cancel. The training texts
 * leave this machine: only where an operator has configured an endpoint.
 * Entry class: {@link io.palimpsest.retrain.tune.openai.OpenAiTrainer}.
 */
@NullMarked
package io.palimpsest.retrain.tune.openai;

import org.jspecify.annotations.NullMarked;
