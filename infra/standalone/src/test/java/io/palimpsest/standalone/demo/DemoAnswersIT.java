package io.palimpsest.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.index.answer.AnswerResponse;
import io.palimpsest.platform.content.InMemoryContentStore;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoAnswersIT {
    private static final List<String> NOT_IN_THE_DOCUMENTS = List.of(
            "What is the capital of Mongolia?",
            "Who won the world cup in 1998?",
            "How do I bake sourdough bread?",
            "Which enzyme unwinds the double helix of DNA?",
            "When did the Roman Empire fall?",
            "What is the boiling point of ethanol?",
            "Who painted the ceiling of the Sistine Chapel?",
            "How many moons does Jupiter have?");

    private DemoCorpus corpus;

    @BeforeAll
    void index(@TempDir Path dir) {
        corpus = new DemoCorpus(dir, new InMemoryContentStore());
    }

    @AfterAll
    void close() {
        corpus.close();
    }

    @Test
    void everyQuestionIsAnsweredFromItsDocument() {
        SoftAssertions all = new SoftAssertions();
        for (DemoQuestion question : new DemoDocuments().questions()) {
            AnswerResponse answer = corpus.ask(question.question());
            all.assertThat(answer.answer()).as(question.question()).contains(question.phrase());
            all.assertThat(answer.sentences())
                    .as(question.question())
                    .anySatisfy(sentence -> assertThat(sentence.citations())
                            .anySatisfy(citation ->
                                    assertThat(citation.document().value()).isEqualTo(question.document())));
            all.assertThat(answer.sentences()).as(question.question()).hasSizeLessThanOrEqualTo(3);
        }
        all.assertAll();
    }

    @Test
    void questionsOutsideTheDocumentsAreNotAnswered() {
        SoftAssertions all = new SoftAssertions();
        for (String question : NOT_IN_THE_DOCUMENTS) {
            all.assertThat(corpus.ask(question).answer()).as(question).isEmpty();
        }
        all.assertAll();
    }
}
