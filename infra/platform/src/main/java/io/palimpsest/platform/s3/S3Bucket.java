package io.palimpsest.platform.s3;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.telemetry.Health;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * One bucket: asks its server, says what failures mean and what to do, and remembers whether it answers.
 *
 * <p>Threading: safe. Failure: the code given at construction; messages name server, bucket and settings, never an object
 * or a secret.
 */
public final class S3Bucket {
    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(250), Duration.ofSeconds(2));
    private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();

    /** Arbitrary: where a write was refused, reads that are answered say little. */
    private static final long CALM_NANOS = Duration.ofSeconds(5).toNanos();

    private final S3Client client;
    private final Place place;
    private final Check check;
    private final AtomicBoolean checking = new AtomicBoolean();
    private volatile @Nullable String problem;
    private volatile long answeredAtNanos = System.nanoTime();
    private volatile long problemUntilNanos = answeredAtNanos;

    /**
     * Where it is.
     *
     * @param address of the server, for messages
     * @param settings what the names of the settings begin with, such as {@code content.s3}
     * @param code of failures
     */
    public record Place(String address, String bucket, String settings, ErrorCode code) {}

    /** Something to ask of the server. */
    @FunctionalInterface
    public interface Request<T extends @Nullable Object> {
        T of(S3Client client);
    }

    /** Asks for all that will be needed, without effects. */
    @FunctionalInterface
    public interface Check {
        void of(S3Client client, String bucket);
    }

    /** @param client stays the caller's */
    public S3Bucket(S3Client client, Place place, Check check) {
        this.client = client;
        this.place = place;
        this.check = check;
    }

    public String name() {
        return place.bucket();
    }

    /** @param what is asked for, for the message: such as {@code content cannot be stored} */
    public <T extends @Nullable Object> T ask(String what, Request<T> request) {
        try {
            T answer = request.of(client);
            answeredAtNanos = System.nanoTime();
            if (problem != null && answeredAtNanos - problemUntilNanos >= 0) {
                problem = null;
            }
            return answer;
        } catch (SdkException e) {
            throw failed(what, place.code(), e);
        }
    }

    /**
     * Returns when it can be used; a server that does not answer yet is waited for.
     *
     * @throws PalimpsestException CONFIG_INVALID where waiting would not help, the bucket's code where it did not
     */
    public void await(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        for (int failures = 1; ; failures++) {
            try {
                check.of(client, place.bucket());
                return;
            } catch (SdkException e) {
                if (S3Trouble.of(e).isLasting()) {
                    throw failed("it cannot be used", ErrorCode.CONFIG_INVALID, e);
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw failed("it cannot be used", place.code(), e);
                }
                BackOff.pause(BACK_OFF.after(failures), interrupted -> failed("it cannot be used", place.code(), e));
            }
        }
    }

    /** As it answered last; asks again in the background where that was bad, or long ago. Never waits. */
    public Health.State state() {
        String now = problem;
        if ((now != null || System.nanoTime() - answeredAtNanos > FRESH_NANOS) && checking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("s3-check").start(this::look);
        }
        return now == null ? Health.State.up() : Health.State.down(now);
    }

    private void look() {
        try {
            ask("it cannot be used", s3 -> {
                check.of(s3, place.bucket());
                return null;
            });
        } catch (PalimpsestException e) {
            answeredAtNanos = System.nanoTime(); // state() tells it
        } finally {
            checking.set(false);
        }
    }

    /** A failure that was met outside of {@link #ask}, such as in the middle of a stream. */
    public PalimpsestException failed(String what, @Nullable Throwable e) {
        return e instanceof SdkException answer
                ? failed(what, place.code(), answer)
                : lost(what, e == null ? "it ended early" : e.getClass().getSimpleName(), e);
    }

    private PalimpsestException lost(String what, String cause, @Nullable Throwable e) {
        return new PalimpsestException(place.code(), where() + ": " + what + ": " + cause, e);
    }

    private PalimpsestException failed(String what, ErrorCode code, SdkException e) {
        if (e instanceof AbortedException) { // that the server is at fault was never learned
            Thread.currentThread().interrupt();
            return lost(what, "interrupted", e);
        }
        S3Trouble trouble = S3Trouble.of(e);
        String advice = trouble.advice(place.settings());
        problemUntilNanos = System.nanoTime() + (trouble.isOfWrites() ? CALM_NANOS : 0);
        problem = "S3: " + advice; // without address: anyone may ask for the state
        return new PalimpsestException(
                code, where() + ": " + what + ": " + advice + " (" + S3Trouble.cause(e) + ")", e);
    }

    private String where() {
        return "S3 at " + place.address() + ", bucket " + place.bucket();
    }
}
