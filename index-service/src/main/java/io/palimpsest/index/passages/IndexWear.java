package io.palimpsest.index.passages;

/**
 * How far the structures of a generation have suffered from what was taken out of them.
 *
 * @param churn passages that were removed for good since the generation was made, as a share of those it holds; 1 = as many
 * @param recall share of the nearest neighbours, in a fixed sample of its passages, that the vector leg finds; 0 to 1
 */
public record IndexWear(double churn, double recall) {}
