package io.palimpsest.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.config.SearchSettings;
import io.palimpsest.platform.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearchBodyTest {
    private static SearchBody asking(FusionMethod fusion, Float weight, Boolean rerank) {
        return new SearchBody("q", null, null, fusion, weight, null, null, null, rerank, null, null, null, null, null);
    }

    private static SearchSettings settings(Map<String, String> values) {
        return Settings.load(values).search();
    }

    @Test
    void whatTheRequestLeavesOpenTheOperatorDecides() {
        SearchSettings operator =
                settings(Map.of("search.fusion", "ranks", "search.vector.weight", "0.25", "search.rerank", "true"));

        SearchRequest request = new SearchBody(
                        "q", null, null, null, null, null, null, null, null, null, null, null, null, null)
                .toRequest(operator);

        assertThat(request.fusion()).isEqualTo(FusionMethod.RANKS);
        assertThat(request.vectorWeight()).isEqualTo(0.25f);
        assertThat(request.rerank()).isTrue();
        SearchRequest other = asking(FusionMethod.SCORES, 0.9f, false).toRequest(operator);
        assertThat(other.fusion()).isEqualTo(FusionMethod.SCORES);
        assertThat(other.vectorWeight()).isEqualTo(0.9f);
        assertThat(other.rerank()).isFalse();
    }

    @Test
    void defaultsOfTheSettingsAreTheDefaultsOfARequest() {
        assertThat(new SearchBody("q", null, null, null, null, null, null, null, null, null, null, null, null, null)
                        .toRequest(settings(Map.of())))
                .isEqualTo(SearchRequest.of("q"));
    }
}
