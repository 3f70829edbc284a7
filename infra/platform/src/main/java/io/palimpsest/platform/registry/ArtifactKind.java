package io.palimpsest.platform.registry;

/** What versions are made of. */
public enum ArtifactKind {
    EMBEDDER,
    ADAPTER,
    RERANKER,
    TOKENISER,
    GENERATOR,
    PASSAGE_POLICY,
    EXTRACTOR,
    SNAPSHOT,
    GENERATION,
    RUN
}
