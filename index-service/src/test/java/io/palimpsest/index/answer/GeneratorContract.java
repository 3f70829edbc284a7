package io.palimpsest.index.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.index.search.HitScores;
import io.palimpsest.index.search.RankedPassage;
import io.palimpsest.index.search.ResolvedPassage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What every generator must do. */
abstract class GeneratorContract {
    static final String QUESTION = "How long do refunds of travel costs take?";

    /** One that answers {@link #QUESTION} from {@link #prompt()}. */
    abstract Generator answering();

    /** One whose model or endpoint does not work. */
    abstract Generator failing();

    static Prompt prompt() {
        return prompt("Refunds of travel costs take five days.", "Zebras live in Africa.", "Trains are often late.");
    }

    /** Each text is the one passage of a document. */
    static Prompt prompt(String... texts) {
        Corpus corpus = new Corpus();
        List<Evidence> evidence = new ArrayList<>();
        for (String text : texts) {
            int number = evidence.size() + 1;
            DocumentRevised revised = corpus.add("d" + number, text);
            ContentHash hash = ContentHash.ofText(text);
            Passage passage = new Passage(PassageId.of(hash, 0), 0, text.length(), List.of(), null, null, hash, 1);
            ExtractedDocument document = new ExtractedDocument(
                    null, "text/plain", text, List.of(Block.of(BlockKind.PARAGRAPH, 0, text.length())), Map.of());
            HitScores scores = new HitScores(null, null, null, null, null, null, 1f / number, null);
            evidence.add(
                    new Evidence(number, new RankedPassage(new ResolvedPassage(revised, passage, document), scores)));
        }
        return new Prompt(QUESTION, evidence);
    }

    @Test
    void statementsCiteOnlyTheEvidenceThatWasGiven() {
        List<Statement> statements = new ArrayList<>();
        answering().generate(prompt(), statements::add);

        assertThat(statements).isNotEmpty();
        assertThat(statements).extracting(Statement::text).noneMatch(String::isBlank);
        assertThat(statements).flatExtracting(Statement::cited).isNotEmpty().allMatch(n -> n >= 1 && n <= 3);
    }

    @Test
    void noEvidenceGivesNoStatement() {
        List<Statement> statements = new ArrayList<>();
        answering().generate(new Prompt(QUESTION, List.of()), statements::add);

        assertThat(statements).isEmpty();
    }

    @Test
    void oneThatCannotAnswerFailsWithItsCode() {
        assertThatThrownBy(() -> failing().generate(prompt(), statement -> {}))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.GENERATOR_FAILED));
    }

    @Test
    void statementsComeOnTheCallingThreadAndNoneAfterTheReturn() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        answering().generate(prompt(), statement -> threads.add(Thread.currentThread()));
        int atReturn = threads.size();
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());

        assertThat(threads).hasSize(atReturn).isNotEmpty().containsOnly(Thread.currentThread());
    }

    @Test
    void theModelIsNamed() {
        assertThat(answering().model()).isNotBlank();
    }
}
