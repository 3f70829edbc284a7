/** What a trained model is made of, so that trainers and servers agree. Entry class: {@link io.palimpsest.contracts.model.ModelManifest}. */
@NullMarked
package io.palimpsest.contracts.model;

import org.jspecify.annotations.NullMarked;
