package io.palimpsest.platform.content;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.s3.S3Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Reads an object; where the connection breaks, it goes on from the byte it had come to.
 *
 * <p>Threading: one thread. Failure: {@link ErrorCode#STORE_FAILED}, unchecked, so that nobody above takes a lost
 * connection for damaged content.
 */
final class S3Download extends InputStream {
    private static final String WHAT = "content cannot be read";
    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(2));

    private final S3Bucket bucket;
    private final String name;
    private final int attempts;
    private final long length;
    private final String version;
    private @Nullable ResponseInputStream<GetObjectResponse> in;
    private long position;

    private S3Download(S3Bucket bucket, String name, int attempts, ResponseInputStream<GetObjectResponse> in) {
        this.bucket = bucket;
        this.name = name;
        this.attempts = attempts;
        this.in = in;
        this.length = in.response().contentLength();
        this.version = in.response().eTag();
    }

    /** @param attempts without a byte between them, the first included */
    static Optional<S3Download> open(S3Bucket bucket, String name, int attempts) {
        return bucket.ask(WHAT, s3 -> {
                    try {
                        return Optional.of(
                                s3.getObject(r -> r.bucket(bucket.name()).key(name)));
                    } catch (NoSuchKeyException e) {
                        return Optional.<ResponseInputStream<GetObjectResponse>>empty();
                    }
                })
                .map(opened -> new S3Download(bucket, name, attempts, opened));
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) {
        if (count == 0) {
            return 0;
        }
        for (int failures = 1; position < length; failures++) {
            Exception cause = null;
            try {
                int read = (in == null ? reopened() : in).read(bytes, from, count);
                if (read > 0) {
                    position += read;
                    return read;
                }
            } catch (IOException | SdkException e) {
                cause = e;
            }
            drop();
            if (failures >= attempts) {
                throw bucket.failed(WHAT, cause);
            }
            BackOff.pause(BACK_OFF.after(failures), interrupted -> bucket.failed(WHAT, interrupted));
        }
        return -1;
    }

    private ResponseInputStream<GetObjectResponse> reopened() {
        ResponseInputStream<GetObjectResponse> opened = bucket.ask(WHAT, s3 -> {
            try {
                return s3.getObject(r -> r.bucket(bucket.name())
                        .key(name)
                        .range("bytes=" + position + "-")
                        .ifMatch(version));
            } catch (S3Exception e) {
                if (e.statusCode() == 404 || e.statusCode() == 412) {
                    throw new PalimpsestException(
                            ErrorCode.STORE_FAILED, "content was replaced or deleted while it was read", e);
                }
                throw e;
            }
        });
        in = opened;
        if (opened.response().contentLength() != length - position) { // a server that knows no ranges
            drop();
            throw bucket.failed("the rest of content cannot be read", null);
        }
        return opened;
    }

    /** What was not read is not read to its end, as a close would. */
    private void drop() {
        if (in != null) {
            in.abort();
            in = null;
        }
    }

    @Override
    public void close() throws IOException {
        if (in != null && position == length) {
            in.close(); // the connection serves again
            in = null;
        }
        drop();
    }
}
