package io.palimpsest.ledger.export;

import io.palimpsest.verifier.note.SignedNote;
import java.io.IOException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A bucket: an object for each checkpoint. Under object lock nobody, we included, replaces one.
 *
 * @param client is closed with this
 * @param prefix begins the names of all objects
 */
record BucketTarget(S3Client client, String bucket, String prefix) implements ExportTarget {
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
                            .contentType("text/plain; charset=utf-8"),
                    RequestBody.fromBytes(checkpoint.bytes()));
        } catch (SdkException e) {
            throw new IOException("bucket " + bucket + ": " + e.getClass().getSimpleName(), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
