package io.palimpsest.index.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationState;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.search.Corpus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Changes, builds, swaps, roll-backs, drops and kills in any order, and laws 1 to 8 at every moment of them. */
public final class RolloutLaws {
    private RolloutLaws() {}

    /** @param acts before the last build, which ends in a swap and a roll-back */
    public static void play(PassageIndex index, Path folder, long seed, int acts) {
        Random random = new Random(seed);
        try (RolloutWorld world = new RolloutWorld(index, folder, seed)) {
            List<Instant> moments = new ArrayList<>();
            for (int act = 0; act < acts; act++) {
                act(world, random);
                moments.add(world.corpus.now());
                world.checkLive();
                world.checkSearch();
            }
            world.drain();
            world.checkLive();
            moments.forEach(world::checkPast);
            endWithSwap(world);
        }
    }

    private static void act(RolloutWorld world, Random random) {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> world.change();
            case 3, 4 -> world.lane(random.nextInt(4) == 0);
            case 5 -> {
                ModelId model = switch (random.nextInt(4)) {
                    case 0 -> world.booster;
                    case 1 -> world.corpus.embedder.model();
                    default -> world.tuned;
                };
                world.attempted(() -> world.acts.make(Corpus.COLLECTION, model, "test"));
            }
            case 6, 7 -> build(world, random);
            case 8 -> any(world, random, id -> world.acts.swap(Corpus.COLLECTION, id, "better", "test"));
            case 9 -> world.attempted(() -> world.acts.rollBack(Corpus.COLLECTION, null, "worse", "test"));
            case 10 -> {
                if (random.nextInt(3) == 0) {
                    any(world, random, id -> world.acts.drop(Corpus.COLLECTION, id, "test"));
                }
                world.acts.sweep();
            }
            default -> world.restart();
        }
    }

    private interface Act {
        void on(GenerationId id);
    }

    private static void any(RolloutWorld world, Random random, Act act) {
        List<GenerationRow> rows = world.rows();
        if (!rows.isEmpty()) {
            GenerationId id = rows.get(random.nextInt(rows.size())).id();
            world.attempted(() -> act.on(id));
        }
    }

    /** In the middle of it changes come and are applied, and it may be stopped, or killed before its step is written down. */
    private static void build(RolloutWorld world, Random random) {
        AtomicInteger steps = new AtomicInteger(random.nextInt(30));
        try {
            world.build(
                    () -> steps.decrementAndGet() < 0,
                    () -> {
                        disturb(world, random);
                        return false;
                    },
                    () -> disturb(world, random));
        } catch (RolloutWorld.Killed e) {
            world.restart();
        }
    }

    private static void disturb(RolloutWorld world, Random random) {
        for (int i = random.nextInt(3); i > 0; i--) {
            world.change();
            world.lane(random.nextInt(4) == 0);
        }
        world.checkLive();
        if (random.nextInt(10) == 0) {
            throw new RolloutWorld.Killed();
        }
    }

    /** A build that nothing stops ends in a swap that nothing refuses, and back. */
    private static void endWithSwap(RolloutWorld world) {
        world.change();
        world.drain();
        world.build(() -> false, () -> false, () -> {});
        if (world.attempted(() -> world.acts.make(Corpus.COLLECTION, world.tuned, "test"))) {
            world.build(() -> false, () -> false, () -> {});
        }
        GenerationRow ready = world.rows().stream()
                .filter(row -> row.state() == GenerationState.READY)
                .findFirst()
                .orElseThrow();
        GenerationId before =
                world.generations.live(Corpus.COLLECTION).orElseThrow().id();
        world.acts.swap(Corpus.COLLECTION, ready.id(), "better", "test");
        assertThat(world.generations.live(Corpus.COLLECTION).orElseThrow().id()).isEqualTo(ready.id());
        world.change();
        world.drain();
        world.checkLive();
        world.acts.rollBack(Corpus.COLLECTION, ready.id(), "worse", "test");
        assertThat(world.generations.live(Corpus.COLLECTION).orElseThrow().id()).isEqualTo(before);
        world.checkLive();
        world.checkSearch();
    }
}
