/**
 * Hop 2: decides which changes take effect and in which order, so that the newest position wins whatever the interleaving,
 * duplication and delay. Fetches and extracts nothing. Entry class: {@link io.palimpsest.ingest.gate.GateTopology}.
 */
@NullMarked
package io.palimpsest.ingest.gate;

import org.jspecify.annotations.NullMarked;
