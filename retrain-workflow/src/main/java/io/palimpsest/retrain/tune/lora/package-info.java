/**
 * LoRA (Hu et al. 2021) on the query and value projections of the encoder, with PyTorch through DJL, in a process of its own.
 * Nothing outside of this package touches PyTorch.
 * Entry class: {@link io.palimpsest.retrain.tune.lora.LoraTrainer}.
 */
@NullMarked
package io.palimpsest.retrain.tune.lora;

import org.jspecify.annotations.NullMarked;
