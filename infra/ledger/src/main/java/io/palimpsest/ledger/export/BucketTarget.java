package io.palimpsest.ledger.export;

import io.palimpsest.verifier.note.SignedNote;
import java.io.IOException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket: an object for each checkpoint, which is never replaced. Under object lock nobody else replaces one either.
 *
 * @param client is closed with this
 * @param prefix begins the names of all objects
 */
record BucketTarget(S3Client client, String bucket, String prefix) implements ExportTarget {
    /** Precondition failed. */
    private static final int ALREADY_THERE = 412;

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public void take(SignedNote checkpoint) throws IOException {
        try {
            client.putObject(
                    put -> put.bucket(bucket)
                            .key(prefix + CheckpointName.of(checkpoint))
                            .ifNoneMatch("*")
                            .contentType("text/plain; charset=utf-8"),
                    RequestBody.fromBytes(checkpoint.bytes()));
        } catch (S3Exception e) {
            if (e.statusCode() != ALREADY_THERE) {
                throw failed(e);
            }
        } catch (SdkException e) {
            throw failed(e);
        }
    }

    private IOException failed(SdkException e) {
        return new IOException("bucket " + bucket + ": " + e.getClass().getSimpleName(), e);
    }

    @Override
    public void close() {
        client.close();
    }
}
