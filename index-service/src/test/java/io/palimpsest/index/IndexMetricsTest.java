package io.palimpsest.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.index.rewrite.AcronymLearner;
import io.palimpsest.index.rewrite.Acronyms;
import io.palimpsest.index.search.StoredTexts;
import io.palimpsest.platform.content.InMemoryContentStore;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class IndexMetricsTest {
    @Test
    void whatSourcesCallThemselvesMakesNoSeries() {
        StoredTexts none = new StoredTexts(new InMemoryContentStore(), 1);
        AcronymLearner learner = new AcronymLearner(new Acronyms(), none);
        try (Telemetry telemetry = Telemetry.local()) {
            IndexMetrics metrics = new IndexMetrics(telemetry, learner);
            for (String source : List.of("folder:", "folder:handbook", "https://hr.example.org/1", "urn:hr:2")) {
                metrics.applied(indexed(source));
            }
            assertThat(telemetry.scrape())
                    .contains("palimpsest_event_to_searchable_seconds_count{source=\"folder\"} 2")
                    .contains("palimpsest_event_to_searchable_seconds_count{source=\"other\"} 2")
                    .doesNotContain("hr.example.org")
                    .doesNotContain("handbook");
        }
    }

    private static DocumentIndexed indexed(String source) {
        return new DocumentIndexed(
                DocumentKey.of("local", "default", "urn:1"),
                new GenerationId("g1"),
                new ModelId("test"),
                1,
                1,
                ChangeId.of(new TenantId("local"), source, "e1"),
                source,
                true,
                1,
                1,
                0,
                Instant.EPOCH,
                Instant.EPOCH.plusMillis(1),
                null);
    }
}
