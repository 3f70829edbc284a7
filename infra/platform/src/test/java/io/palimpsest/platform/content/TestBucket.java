package io.palimpsest.platform.content;

import io.palimpsest.platform.config.S3Access;
import io.palimpsest.platform.config.S3ContentSettings;
import io.palimpsest.platform.config.S3ContentSettings.Checksum;
import io.palimpsest.platform.s3.S3Clients;
import io.palimpsest.platform.s3.TestS3;
import io.palimpsest.testkit.engine.S3Engine;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket of a test's own, and what the store does not show of it. */
final class TestBucket implements AutoCloseable {
    static final int PART = 5 << 20;

    private final S3Engine engine;
    private final S3Access access;
    private final S3Client s3;
    private final String name = "content-" + UUID.randomUUID();

    TestBucket(S3Engine engine) {
        this.engine = engine;
        access = TestS3.access(engine);
        s3 = S3Clients.of(access);
        s3.createBucket(r -> r.bucket(name));
    }

    S3Client s3() {
        return s3;
    }

    String name() {
        return name;
    }

    S3ContentSettings settings() {
        return settings(access, Checksum.CRC32);
    }

    S3ContentSettings settings(Checksum checksum) {
        return settings(access, checksum);
    }

    /** Through another door, such as a proxy. */
    S3ContentSettings through(int port, Duration timeout, int attempts) {
        return settings(
                TestS3.access(engine, URI.create("http://127.0.0.1:" + port), timeout, attempts), Checksum.CRC32);
    }

    S3ContentSettings as(String accessKey, String secretKey) {
        return settings(
                TestS3.access(
                        new S3Engine(engine.endpoint(), accessKey, secretKey, engine.region(), engine.container())),
                Checksum.CRC32);
    }

    private S3ContentSettings settings(S3Access to, Checksum checksum) {
        return new S3ContentSettings(to, name, "palimpsest/", checksum, PART);
    }

    List<String> objects() {
        return s3.listObjectsV2Paginator(r -> r.bucket(name)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    List<MultipartUpload> uploads() {
        return s3.listMultipartUploads(r -> r.bucket(name)).uploads();
    }

    byte[] bytes(String object) {
        return s3.getObjectAsBytes(r -> r.bucket(name).key(object)).asByteArray();
    }

    void write(String object, byte[] bytes) {
        s3.putObject(r -> r.bucket(name).key(object), RequestBody.fromBytes(bytes));
    }

    @Override
    public void close() {
        s3.close();
    }
}
