package io.palimpsest.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.rewrite.AcronymLearner;
import io.palimpsest.index.rewrite.Acronyms;
import io.palimpsest.index.search.StoredTexts;
import io.palimpsest.platform.content.InMemoryContentStore;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class IndexMetricsTest {
    private static final DocumentKey KEY = DocumentKey.of("local", "default", "urn:1");

    @Test
    void whatSourcesCallThemselvesMakesNoSeries() {
        StoredTexts none = new StoredTexts(new InMemoryContentStore(), 1);
        AcronymLearner learner = new AcronymLearner(new Acronyms(), none);
        try (Telemetry telemetry = Telemetry.local()) {
            IndexMetrics metrics = new IndexMetrics(telemetry, learner, (work, wall, cpu, counts) -> {}, List.of());
            for (String source : List.of("folder:", "folder:handbook", "https://hr.example.org/1", "urn:hr:2")) {
                metrics.applied(indexed(source, true));
            }
            assertThat(telemetry.scrape())
                    .contains("palimpsest_event_to_searchable_seconds_count{source=\"folder\"} 2")
                    .contains("palimpsest_event_to_searchable_seconds_count{source=\"other\"} 2")
                    .doesNotContain("hr.example.org")
                    .doesNotContain("handbook");
        }
    }

    @Test
    void sourcesThatTheOperatorNamesAreToldApart() {
        AcronymLearner learner = new AcronymLearner(new Acronyms(), new StoredTexts(new InMemoryContentStore(), 1));
        List<String> named = List.of("https://hr.example.org/", "https://hr.example.org/wiki/", "folder:handbook");
        try (Telemetry telemetry = Telemetry.local()) {
            IndexMetrics metrics = new IndexMetrics(telemetry, learner, (work, wall, cpu, counts) -> {}, named);
            for (String source : List.of(
                    "https://hr.example.org/1",
                    "https://hr.example.org/wiki/2",
                    "folder:handbook",
                    "folder:",
                    "urn:1")) {
                metrics.applied(indexed(source, true));
            }
            for (String tag : List.of(
                    "https://hr.example.org/", "https://hr.example.org/wiki/", "folder:handbook", "folder", "other")) {
                assertThat(telemetry.scrape())
                        .contains("palimpsest_event_to_searchable_seconds_count{source=\"" + tag + "\"} 1");
            }
        }
    }

    @Test
    void acronymsAreLearntFromWhatIsIndexedAndForgottenWithIt() {
        Acronyms acronyms = new Acronyms();
        StoredTexts empty = new StoredTexts(new InMemoryContentStore(), 1);
        try (Telemetry telemetry = Telemetry.local()) {
            IndexMetrics metrics = new IndexMetrics(
                    telemetry, new AcronymLearner(acronyms, empty), (work, wall, cpu, counts) -> {}, List.of());
            metrics.indexed(revised(), text("The Paid Time Off (PTO) rule"));
            metrics.applied(indexed("folder:", true));
            assertThat(acronyms.longForm(KEY.collectionKey(), "PTO", key -> true))
                    .contains("Paid Time Off");

            metrics.applied(indexed("folder:", false));
            assertThat(acronyms.longForm(KEY.collectionKey(), "PTO", key -> true))
                    .isEmpty();
        }
    }

    private static ExtractedDocument text(String text) {
        return new ExtractedDocument(null, "text/plain", text, List.of(), Map.of());
    }

    private static DocumentRevised revised() {
        return new DocumentRevised(
                KEY,
                1,
                1,
                1,
                new ChangeId("change-1"),
                "folder:",
                DocumentRevised.State.LIVE,
                null,
                null,
                null,
                0,
                null,
                null,
                null,
                List.of("*"),
                Map.of(),
                false,
                null,
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    private static DocumentIndexed indexed(String source, boolean searchable) {
        return new DocumentIndexed(
                KEY,
                new GenerationId("g1"),
                new ModelId("test"),
                1,
                1,
                ChangeId.of(KEY, source, "e1"),
                source,
                searchable,
                1,
                1,
                0,
                Instant.EPOCH,
                Instant.EPOCH.plusMillis(1),
                null);
    }
}
