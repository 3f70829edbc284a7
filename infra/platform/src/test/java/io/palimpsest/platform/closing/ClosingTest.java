package io.palimpsest.platform.closing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ClosingTest {
    private final Closing closing = new Closing();
    private final List<String> closed = new CopyOnWriteArrayList<>();

    @Test
    void lastMadeIsClosedFirstAndEachOnce() {
        closing.add(() -> closed.add("broker"));
        closing.add(() -> closed.add("consumer"));

        closing.close();
        closing.close();

        assertThat(closed).containsExactly("consumer", "broker");
    }

    @Test
    void whatFailsKeepsNothingElseOpen() {
        closing.add(() -> closed.add("broker"));
        closing.add(() -> {
            throw new IllegalStateException("lost");
        });

        closing.close();

        assertThat(closed).containsExactly("broker");
    }

    @Test
    void whatFailsBesideOthersKeepsNoneOfThemOpen() {
        closing.add(() -> closed.add("ingest"));
        closing.add(() -> {
            throw new IllegalStateException("lost");
        });
        closing.add(() -> closed.add("index"));

        closing.closeTogether();

        assertThat(closed).containsExactlyInAnyOrder("ingest", "index");
    }

    @Test
    void partsThatDoNotNeedEachOtherAreClosedAtTheSameTime() {
        CyclicBarrier both = new CyclicBarrier(2);
        for (String part : List.of("ingest", "index")) {
            closing.add(() -> {
                both.await(30, TimeUnit.SECONDS); // fails where it is alone
                closed.add(part);
            });
        }

        closing.closeTogether();

        assertThat(closed).containsExactlyInAnyOrder("ingest", "index");
    }

    /** A signal may come while what is used by a part is still to be closed by another thread. */
    @Test
    void secondCloseReturnsWhenTheFirstIsThrough() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        closing.add(() -> closed.add("broker"));
        closing.add(() -> {
            began.countDown();
            goOn.await();
            closed.add("consumer");
        });
        Thread first = Thread.ofPlatform().start(closing::close);
        began.await();
        Thread second = Thread.ofPlatform().start(closing::close);

        second.join(Duration.ofMillis(200));
        assertThat(closed).isEmpty();
        goOn.countDown();

        second.join();
        assertThat(closed).containsExactly("consumer", "broker");
        first.join();
    }

    @Test
    void interruptEndsNoPartEarlyAndIsToldAfterwards() {
        closing.add(() -> {
            TimeUnit.MILLISECONDS.sleep(1); // throws where it is interrupted
            closed.add("consumer");
        });
        Thread.currentThread().interrupt();

        closing.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed).containsExactly("consumer");
    }

    @Test
    void errorOfOnePartKeepsNothingElseOpen() {
        closing.add(() -> closed.add("broker"));
        closing.add(() -> {
            throw new NoClassDefFoundError("gone with an upgrade");
        });

        closing.close();

        assertThat(closed).containsExactly("broker");
    }

    @Test
    void whatCannotBeMadeLeavesNothingOpen() {
        assertThatThrownBy(() -> Closing.making(parts -> {
                    parts.add(() -> closed.add("consumer"));
                    throw new IllegalStateException("no database");
                }))
                .hasMessage("no database");

        assertThat(closed).containsExactly("consumer");
    }
}
