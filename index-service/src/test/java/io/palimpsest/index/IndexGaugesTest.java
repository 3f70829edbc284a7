package io.palimpsest.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.generation.BuildProgress;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationState;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class IndexGaugesTest {
    private static final CollectionKey COLLECTION = CollectionKey.of("acme", "docs");
    private static final ModelId MODEL = new ModelId("mini/fp32/00000000");

    private final List<GenerationRow> rows = new ArrayList<>();
    private final AtomicLong lost = new AtomicLong();
    private final Telemetry telemetry = Telemetry.local();
    private Instant now = Instant.parse("2026-11-01T12:00:00Z");
    private final IndexGauges gauges = new IndexGauges(() -> rows, Map.of("fact", lost::get), telemetry, () -> now);

    @AfterEach
    void close() {
        gauges.close();
        telemetry.close();
    }

    @Test
    void beforeTheFirstLookNothingIsKnown() {
        assertThat(telemetry.scrape())
                .contains("palimpsest_generations{state=\"live\"} NaN")
                .contains("palimpsest_query_facts_lost_queries_total{what=\"fact\"} 0.0");
    }

    @Test
    void aBuildTellsItsShareItsEtaAndThatItGoesOn() {
        rows.add(row("live", GenerationState.LIVE, BuildProgress.NONE));
        rows.add(row("next", GenerationState.BUILDING, done(25)));
        gauges.look();
        assertThat(telemetry.scrape())
                .contains("palimpsest_generations{state=\"building\"} 1.0")
                .contains("palimpsest_generations{state=\"live\"} 1.0")
                .contains("palimpsest_generations{state=\"failed\"} 0.0")
                .contains("palimpsest_generation_build_ratio 0.25")
                .contains("palimpsest_generation_build_remaining_seconds 30.0")
                .contains("palimpsest_generation_build_idle_seconds 0.0");

        now = now.plusSeconds(600);
        gauges.look();
        assertThat(telemetry.scrape()).contains("palimpsest_generation_build_idle_seconds 600.0");

        rows.set(1, row("next", GenerationState.BUILDING, done(50)));
        gauges.look();
        assertThat(telemetry.scrape()).contains("palimpsest_generation_build_idle_seconds 0.0");

        rows.set(1, row("next", GenerationState.READY, done(100)));
        now = now.plusSeconds(600);
        gauges.look();
        assertThat(telemetry.scrape())
                .contains("palimpsest_generation_build_idle_seconds 0.0")
                .contains("palimpsest_generation_build_ratio NaN");
    }

    @Test
    void whatWasLostIsCountedOnce() {
        lost.set(3);
        gauges.look();
        gauges.look();
        lost.set(4);
        gauges.look();

        assertThat(telemetry.scrape()).contains("palimpsest_query_facts_lost_queries_total{what=\"fact\"} 4.0");
    }

    /** Of 100 documents without passages, 10 seconds for 25. */
    private static BuildProgress done(long documents) {
        return new BuildProgress("i", "d", 100, documents, 0, 0, 0, documents * 400);
    }

    private static GenerationRow row(String id, GenerationState state, BuildProgress progress) {
        return new GenerationRow(
                new GenerationId(id),
                MODEL,
                new Generation(new GenerationId(id), COLLECTION, MODEL, new PassagePolicyId("p1"), 4),
                GenerationRow.Origin.BUILT,
                state,
                true,
                Instant.EPOCH,
                null,
                null,
                progress,
                null,
                0);
    }
}
