package io.palimpsest.index.embed;

/** Gives the vector of each token of a text, for late interaction between a query and a passage. */
public interface TokenEmbedder {
    /** {@code float[tokens][dimensions]}, each L2-normalised, without the special tokens; empty for a text without tokens. */
    float[][] tokenVectors(String text);
}
