package io.palimpsest.index.passages;

/** What a generation holds now; a passage that ended and came back counts in both. */
public record IndexCounts(long liveDocuments, long livePassages, long closedPassages) {}
