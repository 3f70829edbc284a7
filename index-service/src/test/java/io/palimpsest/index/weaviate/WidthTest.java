package io.palimpsest.index.weaviate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WidthTest {
    private final Width width = new Width();

    private void done(boolean late, int times) {
        for (int i = 0; i < times; i++) {
            width.enter();
            width.leave(late);
        }
    }

    @Test
    void halvesAfterEachLateAnswerButNeverBelowOne() {
        done(true, 1);
        assertThat(width.allowed()).isEqualTo(Width.MOST / 2);
        done(true, 10);
        assertThat(width.allowed()).isEqualTo(1);
    }

    @Test
    void growsByOneAfterManyAnswersInTimeUpToTheMost() {
        done(true, 10);
        done(false, Width.WIDER_AFTER - 1);
        assertThat(width.allowed()).isEqualTo(1);
        done(false, 1);
        assertThat(width.allowed()).isEqualTo(2);
        done(false, 10 * Width.WIDER_AFTER);
        assertThat(width.allowed()).isEqualTo(Width.MOST);
    }

    @Test
    void oneTooManyWaitsUntilAnotherHasLeft() throws InterruptedException {
        for (int i = 0; i < Width.MOST; i++) {
            width.enter();
        }
        Thread waiting = Thread.ofVirtual().start(width::enter);
        assertThat(waiting.join(Duration.ofMillis(100))).isFalse();
        width.leave(false);
        assertThat(waiting.join(Duration.ofSeconds(20))).isTrue();
    }
}
