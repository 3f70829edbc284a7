/** LoRA: its mathematics, its files, its laws as a trainer. */
@NullMarked
package io.palimpsest.retrain.tune.lora;

import org.jspecify.annotations.NullMarked;
