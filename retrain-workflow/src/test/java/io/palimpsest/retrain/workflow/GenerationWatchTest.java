package io.palimpsest.retrain.workflow;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static io.palimpsest.retrain.workflow.DriftWorld.LIVE;
import static io.palimpsest.retrain.workflow.DriftWorld.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.retrain.workflow.GenerationWatch.Compared;
import io.palimpsest.retrain.workflow.GenerationWatch.Watched;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class GenerationWatchTest {
    private static final String NEW = "acme.docs.fedcba987654";
    private static final Instant BEFORE = NOW.minus(Duration.ofDays(2));
    private static final Watched WATCHED =
            new Watched(DOCS, new GenerationId(LIVE), new GenerationId(NEW), NOW, Watched.looks(WorkflowWorld.PACE));
    private static final int TRIALS = 2_000;

    @TempDir
    Path folder;

    private TestDatabases databases;
    private DriftWorld world;
    private GenerationWatch watch;

    TestDatabases databases(Path directory) {
        return TestDatabases.files(directory);
    }

    @BeforeEach
    void open() {
        databases = databases(folder);
        world = new DriftWorld(databases);
        watch = new GenerationWatch(world.canaries, world.feedback);
        for (int i = 0; i < 40; i++) {
            world.canary("known " + i, "d1", "d1", "d2");
            world.index.answers(NEW, "known " + i, List.of("d1", "d2"));
        }
    }

    @AfterEach
    void close() {
        if (world != null) { // not where the test was skipped
            world.close();
            databases.close();
        }
    }

    @Test
    void regressionInFeedbackAloneRollsBackAndTheRunSaysByHowMuch() {
        world.feedback(160, 40, BEFORE, LIVE);
        SplittableRandom random = new SplittableRandom(3);

        RunEnd end = rollOut(() -> says(random, 10, 0.4));

        assertThat(end.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(end.reason())
                .matches("feedback: 80 % of 200 good before, \\d+ % of \\d+ now; the bet that it is worse won .*")
                .doesNotContain("canaries");
    }

    @Test
    void noiseIsKept() {
        world.feedback(160, 40, BEFORE, LIVE);
        SplittableRandom random = new SplittableRandom(3);

        RunEnd end = rollOut(() -> {
            says(random, 10, 0.8);
            for (int i = 0; i < 40; i++) { // some known answers move a place up or down, as documents come and go
                world.index.answers(
                        NEW, "known " + i, random.nextInt(5) > 0 ? List.of("d1", "d2") : List.of("d2", "d1"));
                world.index.answers(
                        LIVE, "known " + i, random.nextInt(5) > 0 ? List.of("d1", "d2") : List.of("d2", "d1"));
            }
        });

        assertThat(end.outcome()).isEqualTo(Outcome.PROMOTED);
    }

    @Test
    void knownAnswersThatAreLostRollBack() {
        for (int i = 0; i < 20; i++) {
            world.index.answers(NEW, "known " + i, List.of("d2", "d3"));
        }

        RunEnd end = rollOut(() -> {});

        assertThat(end.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(end.reason()).startsWith("canaries: nDCG@10 -0.5000 on 40 questions, by chance in ");
    }

    @Test
    void whatPeopleSayOfTheGenerationBeforeIsNotHeldAgainstTheNewOne() {
        world.feedback(160, 40, BEFORE, LIVE);
        world.feedback(0, 60, NOW.plus(Duration.ofMinutes(5)), LIVE);
        world.feedback(0, 60, BEFORE, NEW); // of an earlier life

        assertThat(regression()).isEmpty();
    }

    @Test
    void whoMarksEveryHitOfASearchIsOneVoice() {
        world.feedback(160, 40, BEFORE, LIVE);
        world.feedback(0, 60, NOW.plus(Duration.ofMinutes(5)), NEW);
        world.sql.update("UPDATE feedback SET query_id = 'one' WHERE generation = ?", NEW);

        assertThat(regression()).isEmpty();
    }

    @Test
    void fewAnswersBeforeAreNothingToCompareWith() {
        assertThat(GenerationWatch.discontent(answers(20, 9), answers(0, 50))).isEmpty();
        assertThat(GenerationWatch.discontent(answers(0, 100), answers(0, 500))).isEmpty();
    }

    @Test
    void feedbackThatIsNoWorseTakesAGenerationBackInAtMostSixOfAThousandWatches() {
        SplittableRandom random = new SplittableRandom(11);
        int rolledBack = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            double rate = 0.3 + 0.6 * random.nextDouble();
            List<Boolean> before = drawn(random, 100, rate);
            rolledBack +=
                    GenerationWatch.discontent(before, drawn(random, 400, rate)).isPresent() ? 1 : 0;
        }
        assertThat(rolledBack).isLessThanOrEqualTo((int) (0.006 * TRIALS));
    }

    @Test
    void feedbackThatHalvesIsFoundSoon() {
        SplittableRandom random = new SplittableRandom(12);
        int found = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            found += GenerationWatch.discontent(drawn(random, 200, 0.8), drawn(random, 80, 0.4))
                            .isPresent()
                    ? 1
                    : 0;
        }
        assertThat(found).isGreaterThan((int) (0.9 * TRIALS));
    }

    @Test
    void comparisonsThatAreNoWorseTakeAGenerationBackInAtMostFourOfAThousandWatches() {
        SplittableRandom random = new SplittableRandom(13);
        double allowed = GenerationWatch.ERROR_OF_COMPARISONS / (24 * 4);
        int rolledBack = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            boolean lost = false;
            for (int look = 0; look < 24; look++) {
                List<Double> differences = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    double size = random.nextInt(4) > 0 ? 0 : random.nextDouble();
                    differences.add(random.nextBoolean() ? size : -size);
                }
                lost |= GenerationWatch.loss(new Compared("canaries", differences), allowed)
                        .isPresent();
            }
            rolledBack += lost ? 1 : 0;
        }
        assertThat(rolledBack).isLessThanOrEqualTo((int) (0.004 * TRIALS));
    }

    private RunEnd rollOut(Runnable betweenLooks) {
        try (WorkflowWorld workflows = new WorkflowWorld()) {
            workflows.activities.looks = () -> {
                betweenLooks.run();
                return regression().orElse(null);
            };
            return workflows.run("r1");
        }
    }

    private Optional<String> regression() {
        return watch.regression(WATCHED, List.of(watch.canaries(WATCHED, done -> {})));
    }

    private void says(SplittableRandom random, int answers, double rate) {
        for (boolean good : drawn(random, answers, rate)) {
            world.thumb("something", good, NOW.plus(Duration.ofMinutes(5)), NEW);
        }
    }

    private static List<Boolean> drawn(SplittableRandom random, int answers, double rate) {
        List<Boolean> drawn = new ArrayList<>();
        for (int i = 0; i < answers; i++) {
            drawn.add(random.nextDouble() < rate);
        }
        return drawn;
    }

    private static List<Boolean> answers(int good, int bad) {
        List<Boolean> answers = new ArrayList<>(Collections.nCopies(good, true));
        answers.addAll(Collections.nCopies(bad, false));
        return answers;
    }
}
