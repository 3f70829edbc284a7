package io.palimpsest.retrain.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

final class BatchPlanTest {
    @Property(tries = 200)
    void epochTakesEachQueryAtMostOnceAndFillsItsBatches(
            @ForAll @IntRange(min = 1, max = 200) int queries,
            @ForAll @IntRange(min = 2, max = 64) int batch,
            @ForAll @LongRange(min = 0, max = 1_000) long seed) {
        BatchPlan plan = new BatchPlan(queries, TrainingConfig.lora("m", seed).withBatch(batch));
        List<Integer> taken = new ArrayList<>();
        for (int step = 0; step < plan.stepsAnEpoch(); step++) {
            assertThat(plan.of(step)).hasSize(Math.min(batch, queries));
            taken.addAll(plan.of(step));
        }
        assertThat(taken).doesNotHaveDuplicates().allMatch(q -> q >= 0 && q < queries);
        assertThat(queries - taken.size()).isLessThan(Math.min(batch, queries));
        assertThat(plan.of(0))
                .isEqualTo(new BatchPlan(queries, TrainingConfig.lora("m", seed).withBatch(batch)).of(0));
    }
}
