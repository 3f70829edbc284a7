package io.palimpsest.index.search;

import io.palimpsest.index.embed.QueryEmbedders;
import io.palimpsest.index.generation.LiveGenerations;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.querylog.QueryFacts;
import io.palimpsest.index.querylog.QueryRecords;
import io.palimpsest.index.rerank.Reranker;
import io.palimpsest.index.revision.CurrentRevisions;
import io.palimpsest.index.revision.IndexProgress;
import io.palimpsest.index.rewrite.QueryRewriter;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * What a search works with.
 *
 * @param reranker empty: none is configured
 * @param freshnessTimeout how long a search waits for {@code minFreshness}
 * @param tokens counts the embedder's tokens of a text, special ones left out
 * @param candidates taken from each leg at first
 */
public record SearchParts(
        PassageIndex index,
        LiveGenerations generations,
        QueryEmbedders embedders,
        CurrentRevisions revisions,
        IndexProgress progress,
        StoredTexts texts,
        QueryRewriter rewriter,
        Optional<Reranker> reranker,
        QueryRecords log,
        QueryFacts facts,
        ShadowQuery.Taker shadows,
        ToIntFunction<String> tokens,
        Telemetry telemetry,
        Duration freshnessTimeout,
        History history,
        int candidates,
        Clock clock) {}
