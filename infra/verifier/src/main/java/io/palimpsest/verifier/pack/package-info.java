/**
 * Evidence packs: consecutive entries of a log with what proves them, in one file. Reads no file but the pack. Entry class:
 * {@link io.palimpsest.verifier.pack.EvidencePack}.
 */
@NullMarked
package io.palimpsest.verifier.pack;

import org.jspecify.annotations.NullMarked;
