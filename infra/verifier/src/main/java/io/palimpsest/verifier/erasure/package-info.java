/** Certificates of erasures. Entry class: {@link io.palimpsest.verifier.erasure.ErasureCertificate}. */
@NullMarked
package io.palimpsest.verifier.erasure;

import org.jspecify.annotations.NullMarked;
