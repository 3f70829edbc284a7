package io.palimpsest.index.answer;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.index.querylog.AnswerMade;
import io.palimpsest.index.search.RankedPassage;
import io.palimpsest.index.search.Retrieval;
import io.palimpsest.index.search.SearchService;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.telemetry.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions from what the caller may see: finds evidence, has a draft written, and keeps the sentences that the
 * evidence supports. Without any it abstains.
 *
 * <p>Threading: safe. Failure: as the search's, and {@code GENERATOR_FAILED}.
 */
public final class AnswerService {
    /** Best passages whose sentences are read to see whether they are about the question. Arbitrary: bounds the embedding. */
    private static final int PASSAGES_TO_READ = 4;

    private final AnswerParts parts;
    private final ContextPacker packer;
    private final GroundingValidator validator;

    public AnswerService(AnswerParts parts) {
        this.parts = parts;
        this.packer = new ContextPacker(parts.tokens(), parts.contextTokens());
        this.validator = new GroundingValidator(parts.thresholds());
    }

    public AnswerResponse answer(Caller caller, CollectionKey collection, AnswerRequest request) {
        return answer(caller, collection, request, sentence -> {});
    }

    /** @param sentences given each sentence once it is checked, before the answer is complete */
    public AnswerResponse answer(
            Caller caller, CollectionKey collection, AnswerRequest request, Consumer<AnswerSentence> sentences) {
        String outcome = "failed";
        try {
            AnswerResponse response = answered(caller, collection, request, sentences);
            outcome = response.abstained() ? "abstained" : "grounded";
            return response;
        } finally {
            parts.telemetry().count(Metric.ANSWERS, outcome);
        }
    }

    private AnswerResponse answered(
            Caller caller, CollectionKey collection, AnswerRequest request, Consumer<AnswerSentence> sentences) {
        SearchService.Found found = parts.search()
                .retrieveForAnswer(
                        caller, collection, request.search(), request.target().forAnswer());
        Draft draft = new Draft(sentences);
        try {
            return answered(found.retrieval(), request, draft);
        } finally {
            found.log().accept(draft.made());
        }
    }

    private AnswerResponse answered(Retrieval retrieval, AnswerRequest request, Draft draft) {
        long began = System.nanoTime();
        String question = request.search().query();
        List<Evidence> evidence = packer.pack(retrieval.hits());
        if (evidence.isEmpty() || !speaksOf(question, retrieval.hits(), draft.vectors)) {
            return response(retrieval, draft, "the documents hold nothing about this question", began);
        }
        draft.evidence = evidence;
        parts.generator().generate(new Prompt(question, evidence), draft);
        String reason = null;
        if (draft.kept.isEmpty()) {
            reason = draft.dropped.isEmpty()
                    ? "no sentence of the documents answers this question"
                    : "nothing that was drafted is supported by the documents";
        }
        return response(retrieval, draft, reason, began);
    }

    /** Whether any passage, or a sentence of one, is about the question at all. */
    private boolean speaksOf(String question, List<RankedPassage> hits, SentenceVectors vectors) {
        Set<String> asked = Words.stems(question);
        for (RankedPassage hit : hits) {
            String text = hit.resolved().passage().embeddedTextIn(hit.resolved().document());
            Float known = hit.scores().similarity();
            float similarity = known != null ? known : vectors.similarity(question, text);
            boolean byWords = asked.size() > 1
                    && Words.coverage(asked, Words.stems(text))
                            >= parts.thresholds().questionCoverage();
            if (byWords || similarity >= parts.thresholds().questionSimilarity()) {
                return true;
            }
        }
        return oneSentenceSpeaksOf(question, hits, vectors);
    }

    /** A passage about many things is near to no question: its sentences are. */
    private boolean oneSentenceSpeaksOf(String question, List<RankedPassage> hits, SentenceVectors vectors) {
        List<String> sentences = hits.stream()
                .limit(PASSAGES_TO_READ)
                .flatMap(hit -> Quotable.of(hit).stream())
                .map(Quotable::inContext)
                .toList();
        vectors.prepare(sentences);
        return sentences.stream()
                .anyMatch(sentence -> vectors.similarity(question, sentence)
                        >= parts.thresholds().questionSimilarity());
    }

    private AnswerResponse response(Retrieval retrieval, Draft draft, @Nullable String reason, long began) {
        Map<String, Double> took = new LinkedHashMap<>(retrieval.tookMillis());
        took.put("answer", Math.round((System.nanoTime() - began) / 1e3) / 1e3);
        return new AnswerResponse(
                retrieval.queryId(),
                draft.kept.stream().map(AnswerSentence::text).collect(Collectors.joining(" ")),
                draft.kept,
                draft.kept.isEmpty(),
                reason,
                draft.dropped.values().stream().mapToInt(Integer::intValue).sum(),
                draft.dropped,
                retrieval.generation(),
                retrieval.model(),
                parts.generator().model(),
                retrieval.indexLag().toMillis() / 1000.0,
                took,
                retrieval.notes());
    }

    /** Checks each statement as it comes. One thread. */
    private final class Draft implements Consumer<Statement> {
        private final Consumer<AnswerSentence> sentences;
        private final SentenceVectors vectors = new SentenceVectors(parts.embedder());
        private final List<AnswerSentence> kept = new ArrayList<>();
        private final Map<String, Integer> dropped = new TreeMap<>();
        private List<Evidence> evidence = List.of();

        Draft(Consumer<AnswerSentence> sentences) {
            this.sentences = sentences;
        }

        AnswerMade made() {
            Set<AnswerMade.Cited> cited = kept.stream()
                    .flatMap(sentence -> sentence.citations().stream())
                    .map(citation -> new AnswerMade.Cited(citation.document(), citation.passage()))
                    .collect(Collectors.toSet());
            return new AnswerMade(parts.generator().model(), kept.isEmpty(), cited);
        }

        @Override
        public void accept(Statement statement) {
            switch (validator.check(statement, evidence, vectors)) {
                case GroundingValidator.Verdict.Supported supported -> {
                    AnswerSentence sentence = new AnswerSentence(
                            statement.text(),
                            supported.quotes().stream().map(Citation::of).toList(),
                            supported.score());
                    kept.add(sentence);
                    sentences.accept(sentence);
                }
                case GroundingValidator.Verdict.Unsupported unsupported ->
                    dropped.merge(unsupported.why().name(), 1, Integer::sum);
            }
        }
    }
}
