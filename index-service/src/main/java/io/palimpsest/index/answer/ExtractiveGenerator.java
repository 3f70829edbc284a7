package io.palimpsest.index.answer;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.embed.Embedder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Answers with sentences of the evidence itself: the one nearest to the question by meaning and words, read below its
 * headings, and what is nearly as near without repeating it; best passage first.
 */
public final class ExtractiveGenerator implements Generator {
    private static final int MAX_STATEMENTS = 3;
    /** Candidates to embed: what words alone rank lower is not looked at. Arbitrary: half a second of embedding. */
    private static final int MAX_CANDIDATES = 48;
    /** Meaning over words, as in the fusion of the search's legs. */
    private static final float SIMILARITY_WEIGHT = 0.45f;

    private static final float WORDS_WEIGHT = 0.35f;
    /** Words that follow each other in the question and in the sentence: "check first". */
    private static final float PAIRS_WEIGHT = 0.1f;
    /** The rest: the passage's score against the best one's. */
    private static final float PASSAGE_WEIGHT = 0.1f;
    /** A sentence worse than this share of the best one dilutes the answer. Chosen on the demo's questions. */
    private static final float SHARE_OF_BEST = 0.8f;
    /** Near-copies in other documents. */
    private static final float SAME = 0.92f;

    private final Embedder embedder;

    public ExtractiveGenerator(Embedder embedder) {
        this.embedder = embedder;
    }

    private record Candidate(Evidence evidence, Quotable sentence, float words, float boost, float relevance) {
        Candidate scored(float score) {
            return new Candidate(evidence, sentence, words, boost, score);
        }

        int start() {
            return sentence.span().start();
        }
    }

    @Override
    public String model() {
        return "extractive/2 with " + embedder.model();
    }

    @Override
    public void generate(Prompt prompt, Consumer<Statement> statements) {
        List<Candidate> chosen = best(prompt, candidates(prompt));
        List<Evidence> order =
                chosen.stream().map(Candidate::evidence).distinct().toList();
        chosen.stream()
                .sorted(Comparator.comparingInt((Candidate c) -> order.indexOf(c.evidence()))
                        .thenComparingInt(Candidate::start))
                .forEach(c -> statements.accept(
                        new Statement(c.sentence().text(), List.of(c.evidence().number()))));
    }

    private List<Candidate> best(Prompt prompt, List<Candidate> candidates) {
        if (candidates.isEmpty()) {
            return List.of();
        }
        try {
            SentenceVectors vectors = new SentenceVectors(embedder);
            return chosen(scored(prompt, candidates, vectors), vectors);
        } catch (PalimpsestException e) {
            throw new PalimpsestException(
                    ErrorCode.GENERATOR_FAILED,
                    "the embedder failed: " + e.code().id(),
                    e);
        }
    }

    private static List<Candidate> candidates(Prompt prompt) {
        Set<String> asked = Words.stems(prompt.question());
        Set<String> pairs = Words.pairs(prompt.question());
        List<Candidate> candidates = new ArrayList<>();
        float best = bestRanking(prompt);
        for (Evidence evidence : prompt.evidence()) {
            float passage = best <= 0 ? 0 : evidence.passage().scores().ranking() / best;
            for (Quotable sentence : Quotable.of(evidence.passage())) {
                float shared = pairs.isEmpty() ? 0 : Words.coverage(pairs, Words.pairs(sentence.text()));
                float boost = PAIRS_WEIGHT * shared + PASSAGE_WEIGHT * passage;
                candidates.add(new Candidate(evidence, sentence, words(asked, sentence), boost, 0));
            }
        }
        candidates.sort(Comparator.comparingDouble((Candidate c) -> -c.words())
                .thenComparingInt(c -> c.evidence().number()));
        return candidates.subList(0, Math.min(MAX_CANDIDATES, candidates.size()));
    }

    private static float bestRanking(Prompt prompt) {
        float best = 0;
        for (Evidence evidence : prompt.evidence()) {
            best = Math.max(best, evidence.passage().scores().ranking());
        }
        return best;
    }

    /** A word in the headings counts half: every sentence below them has it. */
    private static float words(Set<String> asked, Quotable sentence) {
        Set<String> own = Words.stems(sentence.text());
        Set<String> all = new HashSet<>(own);
        all.addAll(Words.stems(sentence.context()));
        return (Words.coverage(asked, own) + Words.coverage(asked, all)) / 2;
    }

    private static List<Candidate> scored(Prompt prompt, List<Candidate> candidates, SentenceVectors vectors) {
        List<String> texts = new ArrayList<>();
        for (Candidate candidate : candidates) {
            texts.add(candidate.sentence().text());
            texts.add(candidate.sentence().inContext());
        }
        texts.add(prompt.question());
        vectors.prepare(texts);
        return candidates.stream()
                .map(c -> c.scored(SIMILARITY_WEIGHT * similarity(prompt.question(), c.sentence(), vectors)
                        + WORDS_WEIGHT * c.words()
                        + c.boost()))
                .sorted(Comparator.comparingDouble((Candidate c) -> -c.relevance()))
                .toList();
    }

    private static float similarity(String question, Quotable sentence, SentenceVectors vectors) {
        return (vectors.similarity(question, sentence.text()) + vectors.similarity(question, sentence.inContext())) / 2;
    }

    private static List<Candidate> chosen(List<Candidate> scored, SentenceVectors vectors) {
        List<Candidate> chosen = new ArrayList<>();
        for (Candidate next : scored) {
            if (chosen.size() == MAX_STATEMENTS
                    || next.relevance() < SHARE_OF_BEST * scored.getFirst().relevance()) {
                break;
            }
            if (chosen.stream().noneMatch(c -> same(c, next, vectors))) {
                chosen.add(next);
            }
        }
        return chosen;
    }

    private static boolean same(Candidate a, Candidate b, SentenceVectors vectors) {
        return vectors.similarity(a.sentence().text(), b.sentence().text()) >= SAME;
    }
}
