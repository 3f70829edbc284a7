package io.palimpsest.ledger.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.platform.config.S3Access;
import io.palimpsest.platform.s3.S3Clients;
import io.palimpsest.platform.s3.TestS3;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.S3Engine;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.note.SignedNote;
import io.palimpsest.verifier.tlog.Checkpoint;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What only a bucket can show. */
@NeedsEngine(EngineKind.S3)
final class BucketTargetIT {
    private final S3Access access;

    BucketTargetIT(S3Engine engine) {
        access = TestS3.access(engine);
    }

    @Test
    void eachCheckpointBecomesAnObjectAndABucketThatIsNotThereIsSaid() throws Exception {
        String bucket = "export-" + UUID.randomUUID();
        SignedNote note = note();
        try (S3Client s3 = S3Clients.of(access);
                BucketTarget target = new BucketTarget(S3Clients.of(access), bucket, "log/");
                BucketTarget nowhere = new BucketTarget(S3Clients.of(access), bucket + "-not", "")) {
            s3.createBucket(r -> r.bucket(bucket));
            target.take(note);
            target.take(note);
            assertThat(s3.listObjectsV2(r -> r.bucket(bucket)).contents())
                    .extracting(S3Object::key)
                    .containsExactly("log/" + CheckpointName.of(note));
            assertThat(s3.getObjectAsBytes(r -> r.bucket(bucket).key("log/" + CheckpointName.of(note)))
                            .asByteArray())
                    .isEqualTo(note.bytes());
            assertThatThrownBy(() -> nowhere.take(note)).isInstanceOf(IOException.class);
        }
    }

    private static SignedNote note() {
        NoteSigner signer = NoteSigner.generate("log.test", KeyType.ED25519, Clock.systemUTC());
        String text = new Checkpoint("log.test", 42, Hash.sha256(new byte[0])).text();
        return new SignedNote(text, List.of(signer.sign(text)));
    }
}
