package io.palimpsest.index.answer;

import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.search.SearchService;
import io.palimpsest.platform.telemetry.Telemetry;
import java.util.function.ToIntFunction;

/**
 * What answers are made with.
 *
 * @param tokens counts the tokens of a text
 * @param contextTokens most tokens of passages that a generator is given
 */
public record AnswerParts(
        SearchService search,
        Generator generator,
        Embedder embedder,
        GroundingThresholds thresholds,
        ToIntFunction<String> tokens,
        int contextTokens,
        Telemetry telemetry) {}
