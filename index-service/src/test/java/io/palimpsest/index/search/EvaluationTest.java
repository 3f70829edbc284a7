package io.palimpsest.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.GenerationId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is told of searches, and searches that ask something else than everybody does. */
final class EvaluationTest {
    private final Corpus corpus = new Corpus();

    private SearchResponse search(String query, SearchTarget target) {
        return corpus.search().search(Corpus.caller("ann"), Corpus.COLLECTION, SearchRequest.of(query), target);
    }

    @Test
    void whatWasServedIsToldInNumbersWithoutText() {
        corpus.add("urn:1", "The anvil rings.");
        corpus.add("urn:2", "Bread and butter.");
        SearchResponse response = search("anvil rings", SearchTarget.LIVE);
        assertThat(corpus.facts).singleElement().satisfies(fact -> {
            assertThat(fact.queryId()).isEqualTo(response.queryId());
            assertThat(fact.generation()).isEqualTo(response.generation());
            assertThat(fact.hits()).isEqualTo(response.hits().size());
            assertThat(fact.probe()).isFalse();
            assertThat(fact.queryTokens()).isEqualTo(2);
            assertThat(fact.topSimilarity()).isBetween(0.5, 1.0);
            assertThat(fact.legOverlap()).isBetween(0.0, 1.0);
            assertThat(Json.writeText(fact)).doesNotContain("anvil");
            assertThat(norm(fact)).isBetween(0.999, 1.001);
        });
    }

    @Test
    void aSearchOfAnUnknownCollectionIsNotTold() {
        assertThat(search("anvil", SearchTarget.LIVE).hits()).isEmpty();
        assertThat(corpus.facts).isEmpty();
    }

    @Test
    void probesAndEvaluationsAreToldApartFromWhatPeopleAsk() {
        corpus.add("urn:1", "The anvil rings.");
        search("anvil", new SearchTarget(null, null, true, false));
        GenerationId live =
                Objects.requireNonNull(search("anvil", SearchTarget.LIVE).generation());
        search("anvil", new SearchTarget(live, null, false, false));
        assertThat(corpus.facts).extracting(QueryServed::probe).containsExactly(true, false, true);
    }

    @Test
    void aGenerationThatIsNotThereIsSaid() {
        corpus.add("urn:1", "The anvil rings.");
        assertThatThrownBy(() -> search("anvil", new SearchTarget(new GenerationId("none"), null, false, false)))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    private static double norm(QueryServed fact) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(Objects.requireNonNull(fact.embedding())))
                .order(ByteOrder.LITTLE_ENDIAN);
        double squares = 0;
        while (bytes.hasRemaining()) {
            squares += Math.pow(bytes.getFloat(), 2);
        }
        return Math.sqrt(squares);
    }
}
