package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.retry.Condition;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.testing.TestActivityEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tries of one step that overlap, as after beats that came too late. */
@SuppressWarnings("NullAway.Init") // set before each test
final class HeartbeatsTest {
    /** One try of a step. */
    @ActivityInterface
    public interface Try {
        String train(String run);
    }

    @TempDir
    Path folder;

    private final AtomicInteger begun = new AtomicInteger();
    private final Map<String, CompletableFuture<String>> trained = new ConcurrentHashMap<>();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private Database database;
    private Runs runs;
    private final List<TestActivityEnvironment> environments = new ArrayList<>();

    @BeforeEach
    void open() {
        database = Database.open(TestDatabases.files(folder).fresh());
        runs = new Runs(database.sql(), InstantSource.system());
    }

    @AfterEach
    void close() {
        trained.values().forEach(training -> training.complete("over"));
        callers.close();
        environments.forEach(TestActivityEnvironment::close);
        database.close();
    }

    @Test
    void theSecondTryWaitsForTheFirstAndTakesItsResult() throws Exception {
        CompletableFuture<String> first = tried("r1");
        awaitBegun(1);
        CountDownLatch beats = new CountDownLatch(2);
        CompletableFuture<String> second = tried("r1", beats::countDown);
        assertThat(beats.await(20, TimeUnit.SECONDS))
                .as("it says that it lives")
                .isTrue();
        assertThat(begun).hasValue(1);
        training("r1").complete("model");
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("model");
        assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("model");
        assertThat(begun).hasValue(1);
    }

    @Test
    void theSecondTryBeginsWhenTheFirstHasFailed() throws Exception {
        CompletableFuture<String> first = tried("r1");
        awaitBegun(1);
        CompletableFuture<String> second = tried("r1");
        CompletableFuture<String> failing = training("r1");
        trained.put("r1", new CompletableFuture<>());
        failing.completeExceptionally(new IllegalStateException("silent for too long"));
        assertThatThrownBy(first::join).hasStackTraceContaining("silent for too long");
        awaitBegun(2);
        training("r1").complete("model");
        assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("model");
    }

    @Test
    void anotherRunDoesNotWait() throws Exception {
        CompletableFuture<String> first = tried("r1");
        awaitBegun(1);
        training("r2").complete("another");
        assertThat(tried("r2").get(20, TimeUnit.SECONDS)).isEqualTo("another");
        assertThat(first).isNotDone();
    }

    private CompletableFuture<String> training(String run) {
        return trained.computeIfAbsent(run, id -> new CompletableFuture<>());
    }

    private void awaitBegun(int times) throws InterruptedException {
        assertThat(Condition.await(() -> begun.get() == times, Duration.ofSeconds(20), Duration.ofMillis(10)))
                .isTrue();
    }

    private CompletableFuture<String> tried(String run) {
        return tried(run, () -> {});
    }

    /** In an environment of its own, each of which does one thing at a time. */
    private CompletableFuture<String> tried(String run, Runnable beat) {
        TestActivityEnvironment environment = TestActivityEnvironment.newInstance();
        environments.add(environment);
        environment.registerActivitiesImplementations((Try) name -> Heartbeats.ofThisActivity(runs, name, Stage.TRAIN)
                .once(String.class, () -> {
                    CompletableFuture<String> end = training(name);
                    begun.incrementAndGet();
                    return end.join();
                }));
        environment.setActivityHeartbeatListener(Void.class, told -> beat.run());
        ActivityOptions once = ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofMinutes(1))
                .setHeartbeatTimeout(Duration.ofMillis(500))
                .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
                .build();
        Try step = environment.newActivityStub(Try.class, once);
        return CompletableFuture.supplyAsync(() -> step.train(run), callers);
    }
}
