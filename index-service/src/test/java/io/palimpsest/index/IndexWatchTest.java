package io.palimpsest.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.index.passages.Corpus;
import io.palimpsest.index.passages.InMemoryPassageIndex;
import io.palimpsest.index.passages.IndexWear;
import io.palimpsest.platform.config.IndexSettings;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class IndexWatchTest {
    private final InMemoryPassageIndex index = new InMemoryPassageIndex();
    private final Telemetry telemetry = Telemetry.local();
    private final IndexWatch watch =
            new IndexWatch(index, new IndexSettings.Wear(Duration.ofHours(1), 100, 95), telemetry);

    @BeforeEach
    void makeGeneration() {
        index.createGeneration(Corpus.GENERATION);
    }

    @AfterEach
    void close() {
        watch.close();
        telemetry.close();
        index.close();
    }

    @Test
    void engineThatKeepsItselfInShapeHasNoMetrics() {
        watch.look();
        assertThat(watch.state().detail()).isEqualTo("ready");
        assertThat(telemetry.scrape()).doesNotContain("palimpsest_index_churn");
    }

    @Test
    void rebuildIsProposedAtTheBudgetOfRemovedPassagesAndTheIndexStaysReady() {
        index.wearOut(new IndexWear(0.99, 1));
        watch.look();
        assertThat(watch.state().detail()).isEqualTo("ready");
        index.wearOut(new IndexWear(1, 1));
        watch.look();
        assertThat(watch.state().ready()).isTrue();
        assertThat(watch.state().detail())
                .contains("rebuild proposed", "generation g1", "100 %", "index.rebuild.churn.percent");
        assertThat(telemetry.scrape()).contains("palimpsest_index_churn_ratio 1.0");
    }

    @Test
    void rebuildIsProposedBelowTheRecallAndNoMoreWhenItIsBack() {
        index.wearOut(new IndexWear(0, 0.94));
        watch.look();
        assertThat(watch.state().detail()).contains("94 %", "index.rebuild.recall.percent");
        assertThat(telemetry.scrape()).contains("palimpsest_index_canary_recall_ratio 0.94");
        index.wearOut(new IndexWear(0, 0.95));
        watch.look();
        assertThat(watch.state().detail()).isEqualTo("ready");
    }
}
