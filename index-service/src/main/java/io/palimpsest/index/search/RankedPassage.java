package io.palimpsest.index.search;

/** A hit before it becomes JSON. */
public record RankedPassage(ResolvedPassage resolved, HitScores scores) {}
