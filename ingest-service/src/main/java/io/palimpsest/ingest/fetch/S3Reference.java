package io.palimpsest.ingest.fetch;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.platform.config.S3SourceSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Reads {@code s3:} references to what is watched, and to nothing else.
 *
 * <p>Threading: any number of threads.
 */
public final class S3Reference {
    private final S3Client client;
    private final List<S3SourceSettings.Watched> watched;
    private final String address;

    /** @param client stays the caller's */
    public S3Reference(S3Client client, S3SourceSettings settings) {
        this.client = client;
        this.watched = settings.buckets();
        this.address = settings.access().address();
    }

    FetchOutcome fetch(URI reference, @Nullable Validators previous, Path into, LimitedCopy copy) throws IOException {
        S3Uri object = S3Uri.parse(reference)
                .filter(uri -> watched.stream().anyMatch(bucket -> bucket.contains(uri.bucket(), uri.key())))
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.REFERENCE_NOT_ALLOWED, "not an object of a bucket that s3.source.buckets names"));
        try (ResponseInputStream<GetObjectResponse> content = client.getObject(request -> {
            request.bucket(object.bucket()).key(object.key()).versionId(object.versionId());
            if (previous != null && previous.etag() != null) {
                request.ifNoneMatch(previous.etag());
            }
        })) {
            try {
                GetObjectResponse answer = content.response();
                copy.checkAnnounced(answer.contentLength() == null ? -1 : answer.contentLength());
                return copy.copy(content, into, answer.contentType(), new Validators(answer.eTag(), null));
            } catch (IOException e) {
                content.abort(); // or the close would read the rest
                throw e;
            }
        } catch (S3Exception e) {
            if (e.statusCode() == 304 && previous != null) {
                return new FetchOutcome.NotModified();
            }
            throw new RefusedException(code(e.statusCode()), told(object, "answered " + e.statusCode()));
        } catch (SdkClientException e) {
            throw new RefusedException(ErrorCode.FETCH_FAILED, told(object, "does not answer"));
        }
    }

    private String told(S3Uri object, String what) {
        return "S3 at " + address + ", bucket " + object.bucket() + ": it " + what;
    }

    /** 405 is what the version of a delete answers. */
    private static ErrorCode code(int status) {
        return switch (status) {
            case 404, 405, 410 -> ErrorCode.REFERENCE_NOT_FOUND;
            case 408, 409, 429 -> ErrorCode.FETCH_FAILED;
            default -> status >= 400 && status < 500 ? ErrorCode.REFERENCE_REFUSED : ErrorCode.FETCH_FAILED;
        };
    }
}
