package io.palimpsest.platform.s3;

import io.palimpsest.platform.config.S3Access;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.testkit.engine.S3Engine;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/** How tests get at an S3 server. */
public final class TestS3 {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 3;

    private TestS3() {}

    public static S3Access access(S3Engine engine) {
        return access(engine, engine.endpoint(), TIMEOUT, ATTEMPTS);
    }

    /** @param door address of the server, or of a proxy before it */
    public static S3Access access(S3Engine engine, URI door, Duration timeout, int attempts) {
        return new S3Access(
                Optional.of(door),
                engine.region(),
                Optional.empty(),
                new Secret(engine.accessKey()),
                new Secret(engine.secretKey()),
                true,
                timeout,
                attempts);
    }

    /** @param authority PEM */
    public static S3Access trusting(S3Engine engine, Path authority) {
        S3Access access = access(engine);
        return new S3Access(
                access.endpoint(),
                access.region(),
                Optional.of(authority),
                access.accessKey(),
                access.secretKey(),
                true,
                TIMEOUT,
                ATTEMPTS);
    }

    /** The caller's to close. */
    public static S3Client client(S3Engine engine) {
        return S3Clients.of(access(engine));
    }
}
