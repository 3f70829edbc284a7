package io.palimpsest.index.answer;

import io.palimpsest.index.search.ResolvedPassage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a statement says what it cites: numbers, names and negations as there, words and meaning near one sentence of
 * it. Statements that quote their passage pass as they are.
 *
 * <p>It cannot reason: a statement that follows from its source in other words, with few words shared, is refused.
 */
final class GroundingValidator {
    private final GroundingThresholds thresholds;

    GroundingValidator(GroundingThresholds thresholds) {
        this.thresholds = thresholds;
    }

    /** What became of a statement. */
    sealed interface Verdict {
        /** @param quotes the sentence it stands on in each cited passage that has one; never empty */
        record Supported(float score, List<Quote> quotes) implements Verdict {}

        /** It is left out. */
        record Unsupported(Why why) implements Verdict {}
    }

    /** Why a statement was left out. */
    enum Why {
        CITES_NOTHING,
        NUMBER_NOT_IN_SOURCE,
        NAME_NOT_IN_SOURCE,
        NEGATION_DIFFERS,
        WORDS_NOT_IN_SOURCE,
        MEANING_NOT_IN_SOURCE
    }

    /** @param span in the extracted text of the evidence's document */
    record Quote(Evidence evidence, Span span, float similarity) {
        String text() {
            return span.of(evidence.passage().resolved().document().text());
        }
    }

    Verdict check(Statement statement, List<Evidence> evidence, SentenceVectors vectors) {
        List<Evidence> cited = evidence.stream()
                .filter(e -> statement.cited().contains(e.number()))
                .toList();
        if (cited.isEmpty()) {
            return new Verdict.Unsupported(Why.CITES_NOTHING);
        }
        String text = statement.text();
        List<Quote> verbatim = verbatim(text, cited);
        if (!verbatim.isEmpty()) {
            return new Verdict.Supported(1, verbatim);
        }
        String source = cited.stream().map(GroundingValidator::withContext).collect(Collectors.joining("\n"));
        Set<String> sourceStems = Words.stems(source);
        if (!Words.numbers(source).containsAll(Words.numbers(text))) {
            return new Verdict.Unsupported(Why.NUMBER_NOT_IN_SOURCE);
        }
        if (!sourceStems.containsAll(Words.stems(String.join(" ", Words.names(text))))) {
            return new Verdict.Unsupported(Why.NAME_NOT_IN_SOURCE);
        }
        float coverage = Words.coverage(Words.stems(text), sourceStems);
        if (coverage < thresholds.wordCoverage()) {
            return new Verdict.Unsupported(Why.WORDS_NOT_IN_SOURCE);
        }
        return byMeaning(text, coverage, cited, vectors);
    }

    private Verdict byMeaning(String text, float coverage, List<Evidence> cited, SentenceVectors vectors) {
        List<Quote> quotes = new ArrayList<>();
        for (Evidence evidence : cited) {
            nearest(text, evidence, vectors).stream()
                    .filter(quote -> quote.similarity() >= thresholds.sentenceSimilarity())
                    .forEach(quotes::add);
        }
        if (quotes.isEmpty()) {
            return new Verdict.Unsupported(Why.MEANING_NOT_IN_SOURCE);
        }
        if (quotes.stream().anyMatch(quote -> contradicts(text, quote.text()))) {
            return new Verdict.Unsupported(Why.NEGATION_DIFFERS);
        }
        float similarity =
                quotes.stream().map(Quote::similarity).max(Float::compare).orElse(0f);
        return new Verdict.Supported((similarity + coverage) / 2, quotes);
    }

    /** Whole sentences only: part of one may say the opposite of it. */
    private static List<Quote> verbatim(String text, List<Evidence> cited) {
        List<Quote> quotes = new ArrayList<>();
        for (Evidence evidence : cited) {
            ResolvedPassage passage = evidence.passage().resolved();
            Sentences.supporting(
                            passage.document(),
                            passage.passage().start(),
                            passage.passage().end())
                    .stream()
                    .filter(span -> span.of(passage.document().text()).equals(text))
                    .findFirst()
                    .ifPresent(span -> quotes.add(new Quote(evidence, span, 1)));
        }
        return quotes;
    }

    /** Headings, title and table header say what a passage is about without being in it. */
    private static String withContext(Evidence evidence) {
        ResolvedPassage passage = evidence.passage().resolved();
        String title = passage.revision().title();
        return (title == null ? "" : title + "\n") + passage.passage().embeddedTextIn(passage.document());
    }

    private static List<Quote> nearest(String text, Evidence evidence, SentenceVectors vectors) {
        ResolvedPassage passage = evidence.passage().resolved();
        List<Span> spans = Sentences.supporting(
                passage.document(), passage.passage().start(), passage.passage().end());
        List<String> texts = new ArrayList<>(
                spans.stream().map(span -> span.of(passage.document().text())).toList());
        texts.add(text);
        vectors.prepare(texts);
        Quote best = null;
        for (Span span : spans) {
            float similarity =
                    vectors.similarity(text, span.of(passage.document().text()));
            if (best == null || similarity > best.similarity()) {
                best = new Quote(evidence, span, similarity);
            }
        }
        return best == null ? List.of() : List.of(best);
    }

    /** A word that both have is negated in one only; or one negates something the other does not speak of. */
    private static boolean contradicts(String statement, String quote) {
        Set<String> shared = new HashSet<>(Words.stems(statement));
        shared.retainAll(Words.stems(quote));
        Set<String> here = new HashSet<>(Words.negated(statement));
        Set<String> there = new HashSet<>(Words.negated(quote));
        here.retainAll(shared);
        there.retainAll(shared);
        return !here.equals(there) || (Words.negates(statement) && !Words.negates(quote));
    }
}
