/** Fine-tuning elsewhere, against a stub that speaks the protocol with its errors. */
@NullMarked
package io.palimpsest.retrain.tune.openai;

import org.jspecify.annotations.NullMarked;
