package io.palimpsest.index.search;

import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.generation.LiveGenerations;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.querylog.QueryRecords;
import io.palimpsest.index.rerank.Reranker;
import io.palimpsest.index.revision.CurrentRevisions;
import io.palimpsest.index.revision.IndexProgress;
import io.palimpsest.index.rewrite.QueryRewriter;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * What a search works with.
 *
 * @param embedder of the model that live generations were built with
 * @param reranker empty: none is configured
 * @param freshnessTimeout how long a search waits for {@code minFreshness}
 * @param candidates taken from each leg at first
 */
public record SearchParts(
        PassageIndex index,
        LiveGenerations generations,
        Embedder embedder,
        CurrentRevisions revisions,
        IndexProgress progress,
        StoredTexts texts,
        QueryRewriter rewriter,
        Optional<Reranker> reranker,
        QueryRecords log,
        Telemetry telemetry,
        Duration freshnessTimeout,
        History history,
        int candidates,
        Clock clock) {}
