package io.palimpsest.index.answer;

/**
 * From where on a statement counts as supported, and a question as answerable.
 *
 * @param sentenceSimilarity least cosine of a statement and the sentence it stands on
 * @param wordCoverage least share of a statement's words in what it cites
 * @param questionSimilarity least cosine of the question and the best passage, where words alone do not show it
 * @param questionCoverage share of the question's words in one passage that shows it is about the question
 */
public record GroundingThresholds(
        float sentenceSimilarity, float wordCoverage, float questionSimilarity, float questionCoverage) {

    /**
     * For all-MiniLM-L6-v2 in fp32. Similarities are calibrated on 200 claims of SciFact: a random abstract passes for the
     * source of a statement in 0.5 % of cases, its own in 94.5 %; of 100 questions of another field (Cranfield) none passes
     * as answerable, of the claims 99 %. {@code GroundingCalibrationIT} measures it, {@code infra/docs/benchmarks.md} has the
     * table. Shares of words are judgement. Another embedder has other distances and needs its own.
     */
    public static final GroundingThresholds MINI_LM = new GroundingThresholds(0.55f, 0.5f, 0.4f, 0.8f);
}
