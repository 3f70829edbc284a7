/**
 * Tells servers elsewhere what the ledger is told: lineage in OpenLineage's words, runs and models in MLflow's. Each bridge reads
 * topics as a group of its own, so no service waits for it, and what is not told yet waits in its topic. Entry class: {@link
 * io.palimpsest.bridges.BridgesApp}.
 */
@NullMarked
package io.palimpsest.bridges;

import org.jspecify.annotations.NullMarked;
