package io.palimpsest.retrain.tune.adapter;

import io.palimpsest.retrain.tune.TrainingSet;
import java.util.List;

/** A slice as vectors of the base model: float[dimensions] each, L2-normalised, in the order of the set. */
record EmbeddedSet(TrainingSet set, List<float[]> queries, List<float[]> passages) {}
