package io.palimpsest.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.S3Exception;

@NeedsEngine(EngineKind.S3)
final class S3EngineIT {
    private static final String KEY = "a/b/größe.txt";

    private final S3Client s3;
    private final String bucket = "engine-" + UUID.randomUUID();

    S3EngineIT(S3Engine engine) {
        s3 = S3Client.builder()
                .endpointOverride(engine.endpoint())
                .region(Region.of(engine.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(engine.accessKey(), engine.secretKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .forcePathStyle(true)
                .build();
    }

    @BeforeEach
    void createBucket() {
        s3.createBucket(request -> request.bucket(bucket));
    }

    @AfterEach
    void disconnect() {
        s3.close();
    }

    @Test
    void objectIsReadAsItWasPut() {
        s3.putObject(
                request -> request.bucket(bucket).key(KEY).checksumAlgorithm(ChecksumAlgorithm.SHA256),
                RequestBody.fromString("content"));

        assertThat(s3.getObjectAsBytes(request -> request.bucket(bucket).key(KEY))
                        .asUtf8String())
                .isEqualTo("content");
        assertThat(s3.listObjectsV2(request -> request.bucket(bucket)).contents())
                .singleElement()
                .satisfies(object -> assertThat(object.key()).isEqualTo(KEY));
    }

    @Test
    void conditionalPutKeepsWhatIsThere() {
        s3.putObject(request -> request.bucket(bucket).key(KEY).ifNoneMatch("*"), RequestBody.fromString("first"));

        assertThatThrownBy(() -> s3.putObject(
                        request -> request.bucket(bucket).key(KEY).ifNoneMatch("*"), RequestBody.fromString("second")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
    }

    @Test
    void overwrittenVersionsStayReadable() {
        s3.putBucketVersioning(request -> request.bucket(bucket)
                .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
        String first = s3.putObject(request -> request.bucket(bucket).key(KEY), RequestBody.fromString("first"))
                .versionId();
        s3.putObject(request -> request.bucket(bucket).key(KEY), RequestBody.fromString("second"));

        assertThat(s3.getObjectAsBytes(
                                request -> request.bucket(bucket).key(KEY).versionId(first))
                        .asUtf8String())
                .isEqualTo("first");
    }
}
