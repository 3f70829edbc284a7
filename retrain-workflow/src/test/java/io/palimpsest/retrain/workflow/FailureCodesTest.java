package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestActivityEnvironment;
import io.temporal.testing.TestEnvironmentOptions;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FailureCodesTest {
    private static final String SECRET = "text of a document";

    @ActivityInterface
    public interface Step {
        void take();
    }

    @Test
    void passingFaultsAreTriedAgain() {
        assertThat(failure(new PalimpsestException(ErrorCode.INDEX_UNAVAILABLE, SECRET))
                        .isNonRetryable())
                .isFalse();
        assertThat(failure(new IllegalStateException(SECRET)).isNonRetryable()).isFalse();
    }

    @Test
    void whatWouldBeTheSameAgainEndsAtOnce() {
        assertThat(failure(new OutOfMemoryError(SECRET)).isNonRetryable()).isTrue();
        assertThat(failure(new NoClassDefFoundError(SECRET)).isNonRetryable()).isTrue();
        assertThat(failure(new PalimpsestException(ErrorCode.SNAPSHOT_TOO_SMALL, SECRET))
                        .isNonRetryable())
                .isTrue();
    }

    /** As it leaves the worker: its code, and never a message. */
    private static ApplicationFailure failure(Throwable fault) {
        TestActivityEnvironment environment = TestActivityEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                .setWorkerFactoryOptions(RetrainWorker.options())
                .build());
        try {
            environment.registerActivitiesImplementations((Step) () -> FailureCodesTest.<RuntimeException>raise(fault));
            Step step = environment.newActivityStub(
                    Step.class,
                    ActivityOptions.newBuilder()
                            .setStartToCloseTimeout(Duration.ofSeconds(10))
                            .build());
            ActivityFailure failure = catchThrowableOfType(ActivityFailure.class, step::take);
            ApplicationFailure cause = (ApplicationFailure) Objects.requireNonNull(failure.getCause());
            assertThat(cause.getOriginalMessage()).isEqualTo(cause.getType()).doesNotContain(SECRET);
            assertThat(cause).hasNoCause();
            return cause;
        } finally {
            environment.close();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void raise(Throwable fault) throws T {
        throw (T) fault;
    }
}
