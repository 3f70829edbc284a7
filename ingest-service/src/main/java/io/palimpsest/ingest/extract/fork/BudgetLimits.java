package io.palimpsest.ingest.extract.fork;

import java.io.Serializable;

/**
 * Limits of one parse, as the fork's configuration file gives them.
 *
 * @param maxDepth levels of embedding, the container itself not counted
 * @param maxEmbedded documents inside the container, at any level
 * @param maxExpansionRatio bytes or characters out per byte of the container
 */
record BudgetLimits(int maxDepth, int maxEmbedded, int maxExpansionRatio) implements Serializable {}
