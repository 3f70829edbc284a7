package io.palimpsest.index.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.querylog.AnswerMade;
import io.palimpsest.index.search.Corpus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AnswerServiceTest {
    /** The fake embedder knows words only, so its distances are not MiniLM's. */
    private static final GroundingThresholds FOR_FAKE = new GroundingThresholds(0.3f, 0.5f, 0.5f, 0.8f);

    private final Corpus corpus = new Corpus();

    private static AnswerService service(Corpus corpus, Generator generator) {
        return new AnswerService(new AnswerParts(
                corpus.search(),
                generator,
                corpus.embedder,
                FOR_FAKE,
                text -> text.split("\\s+").length,
                200,
                corpus.telemetry));
    }

    private static AnswerResponse ask(Corpus corpus, Generator generator, String question) {
        return service(corpus, generator).answer(Corpus.caller("ann"), Corpus.COLLECTION, AnswerRequest.of(question));
    }

    private AnswerResponse ask(String question) {
        return ask(corpus, new ExtractiveGenerator(corpus.embedder), question);
    }

    /** Says what it is told to. */
    private record Scripted(List<Statement> script) implements Generator {
        @Override
        public String model() {
            return "scripted";
        }

        @Override
        public void generate(Prompt prompt, Consumer<Statement> statements) {
            script.forEach(statements);
        }
    }

    private AnswerResponse drafted(String... sentences) {
        List<Statement> script = new ArrayList<>();
        for (String sentence : sentences) {
            script.add(new Statement(sentence, List.of(1)));
        }
        return ask(corpus, new Scripted(script), "How long do refunds of 2,000 euros take?");
    }

    @Test
    void theQueryIsLoggedWithWhatBecameOfItOnceTheAnswerIsMade() {
        corpus.add("refunds", "Refunds of travel costs take five days.");
        corpus.add("other", "Refunds of deposits take long.");
        AnswerResponse answer = ask("How long do refunds of travel costs take?");

        assertThat(corpus.log).singleElement().satisfies(logged -> {
            AnswerMade made = Objects.requireNonNull(
                    Objects.requireNonNull(logged.detail()).answer());
            assertThat(logged.queryId()).isEqualTo(answer.queryId());
            assertThat(logged.answer()).isTrue();
            assertThat(made.generator()).isEqualTo(answer.generator());
            assertThat(made.abstained()).isFalse();
            assertThat(made.cited()).extracting(AnswerMade.Cited::document).containsExactly(new DocumentId("refunds"));
        });
    }

    @Test
    void aQueryWhoseGeneratorFailsIsLoggedToo() {
        corpus.add("refunds", "Refunds of travel costs take five days.");
        Generator failing = new Generator() {
            @Override
            public String model() {
                return "failing";
            }

            @Override
            public void generate(Prompt prompt, Consumer<Statement> statements) {
                throw new PalimpsestException(ErrorCode.GENERATOR_FAILED, "it is away");
            }
        };
        assertThatThrownBy(() -> ask(corpus, failing, "How long do refunds of travel costs take?"))
                .isInstanceOf(PalimpsestException.class);
        assertThat(corpus.log).hasSize(1);
    }

    @Test
    void extractiveAnswerQuotesTheSentenceThatAnswers() {
        corpus.add("refunds", "Cats sleep a lot. Refunds of travel costs take five days. Trains are late.");
        corpus.add("other", "Zebras live in Africa. They have stripes.");

        AnswerResponse answer = ask("How long do refunds of travel costs take?");

        assertThat(answer.abstained()).isFalse();
        assertThat(answer.sentences().getFirst().text()).isEqualTo("Refunds of travel costs take five days.");
        assertThat(answer.sentences().getFirst().citations()).singleElement().satisfies(citation -> {
            assertThat(citation.document().value()).isEqualTo("refunds");
            assertThat(citation.quote()).isEqualTo("Refunds of travel costs take five days.");
            assertThat(citation.start()).isEqualTo(18);
        });
    }

    @Test
    void questionOutsideTheCorpusIsNotAnswered() {
        corpus.add("refunds", "Refunds of travel costs take five days.");

        AnswerResponse answer = ask("Which quantum chromodynamics lattice spacing works?");

        assertThat(answer.abstained()).isTrue();
        assertThat(answer.reason()).isNotBlank();
        assertThat(answer.sentences()).isEmpty();
    }

    @Test
    void whatTheSourceDoesNotSayIsLeftOut() {
        corpus.add(
                "refunds", "Refunds of 2,000 euros take five days. Approval by Berta Klein is not needed for trains.");

        AnswerResponse answer = drafted(
                "Refunds of 2000 euros take five days.",
                "Refunds of 3,000 euros take five days.",
                "Refunds of 2,000 euros take five days says Anton.",
                "Refunds of 2,000 euros do not take five days.",
                "Approval by Berta Klein is needed for trains.",
                "Elephants swim through purple oceans happily.");

        assertThat(answer.sentences())
                .extracting(AnswerSentence::text)
                .containsExactly("Refunds of 2000 euros take five days.");
        assertThat(answer.dropped())
                .containsEntry("NUMBER_NOT_IN_SOURCE", 1)
                .containsEntry("NAME_NOT_IN_SOURCE", 1)
                .containsEntry("NEGATION_DIFFERS", 2)
                .containsEntry("WORDS_NOT_IN_SOURCE", 1);
        assertThat(answer.droppedSentences()).isEqualTo(5);
    }

    @Test
    void partOfASentenceThatSaysTheOppositeIsLeftOut() {
        corpus.add("refunds", "It is not true that refunds of 2,000 euros take five days.");

        AnswerResponse answer = drafted("refunds of 2,000 euros take five days.");

        assertThat(answer.sentences()).isEmpty();
        assertThat(answer.dropped()).containsEntry("NEGATION_DIFFERS", 1);
    }

    @Test
    void sentenceWithoutCitationIsLeftOutAndTheAnswerAbstains() {
        corpus.add("refunds", "Refunds of 2,000 euros take five days.");

        AnswerResponse answer = ask(
                corpus,
                new Scripted(List.of(new Statement("Refunds of 2,000 euros take five days.", List.of()))),
                "How long do refunds of 2,000 euros take?");

        assertThat(answer.abstained()).isTrue();
        assertThat(answer.dropped()).containsEntry("CITES_NOTHING", 1);
    }

    @Test
    void citationResolvesAfterTheDocumentChangedButNotAfterItWasDeleted() {
        corpus.add("refunds", "Refunds of travel costs take five days.");
        Citation citation = ask("How long do refunds of travel costs take?")
                .sentences()
                .getFirst()
                .citations()
                .getFirst();
        corpus.add("refunds", "Nothing is refunded any more.");
        CitationResolver resolver = new CitationResolver(corpus, corpus.texts, Corpus.HISTORY);
        DocumentKey key = DocumentKey.of(Corpus.COLLECTION, "refunds");
        ContentHash extracted = Objects.requireNonNull(citation.extracted());

        assertThat(resolver.resolve(
                        Corpus.caller("ann"),
                        key,
                        new CitationResolver.Place(extracted, citation.start(), citation.end()),
                        null))
                .hasValueSatisfying(resolved -> {
                    assertThat(resolved.quote()).isEqualTo(citation.quote());
                    assertThat(resolved.current()).isFalse();
                });
        assertThat(resolver.resolve(Corpus.caller("ann"), key, new CitationResolver.Place(extracted, 0, 1_000), null))
                .isEmpty();
        corpus.delete(Corpus.COLLECTION, "refunds");
        assertThat(resolver.resolve(
                        Corpus.caller("ann"),
                        key,
                        new CitationResolver.Place(extracted, citation.start(), citation.end()),
                        null))
                .isEmpty();
    }

    @Test
    void failureOfTheGeneratorIsTheCallersToSee() {
        corpus.add("refunds", "Refunds of travel costs take five days.");
        Generator failing = new Generator() {
            @Override
            public String model() {
                return "failing";
            }

            @Override
            public void generate(Prompt prompt, Consumer<Statement> statements) {
                throw new PalimpsestException(ErrorCode.GENERATOR_FAILED, "down");
            }
        };

        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> ask(corpus, failing, "How long do refunds of travel costs take?"))
                .isInstanceOf(PalimpsestException.class);
    }

    @Property(tries = 100)
    void everyCitationIsExactlyThatRangeOfItsText(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> words = List.of(
                "Refunds", "take", "five", "days.", "No.", "e.g.", "Größe", "😀", "\n", "\n\n", "3.5", "Trains?",
                "costs!");
        Corpus random0 = new Corpus();
        for (int d = 0; d < 4; d++) {
            StringBuilder text = new StringBuilder("x");
            for (int w = 0; w < 40; w++) {
                text.append(random.nextInt(8) == 0 ? "  " : " ").append(words.get(random.nextInt(words.size())));
            }
            random0.add("d" + d, text.toString());
        }
        AnswerResponse answer =
                ask(random0, new ExtractiveGenerator(random0.embedder), "How many days do refunds of costs take?");
        for (AnswerSentence sentence : answer.sentences()) {
            assertThat(sentence.citations()).isNotEmpty();
            for (Citation citation : sentence.citations()) {
                DocumentKey key = new DocumentKey(
                        Corpus.COLLECTION.tenant(), Corpus.COLLECTION.collection(), citation.document());
                String text = random0.texts
                        .document(key, Objects.requireNonNull(citation.extracted()))
                        .orElseThrow()
                        .text();
                assertThat(text.substring(citation.start(), citation.end())).isEqualTo(citation.quote());
                assertThat(citation.quote()).isEqualTo(sentence.text());
            }
        }
    }
}
