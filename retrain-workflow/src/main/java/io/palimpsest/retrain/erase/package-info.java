/**
 * Erasures as people ask for them, the certificate, and what the retrain service itself keeps of documents. Entry classes: {@link
 * io.palimpsest.retrain.erase.ErasureDesk}, {@link io.palimpsest.retrain.erase.RetrainStores}.
 */
@NullMarked
package io.palimpsest.retrain.erase;

import org.jspecify.annotations.NullMarked;
