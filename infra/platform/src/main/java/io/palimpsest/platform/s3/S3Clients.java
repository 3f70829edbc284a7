package io.palimpsest.platform.s3;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.S3Access;
import io.palimpsest.platform.security.TrustedServers;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Makes clients of an S3 server. */
public final class S3Clients {
    /** Arbitrary: more than threads that work on documents. */
    private static final int CONNECTIONS = 64;

    /** Source: the error responses of Amazon S3's API reference. */
    private static final Set<String> DAMAGED = Set.of("BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch");

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private S3Clients() {}

    /**
     * Retries by the SDK's standard strategy: growing, uneven pauses, and a budget that long outages use up. Checksums
     * only where a request names one: what is read is verified by those who read it.
     *
     * @throws PalimpsestException {@link ErrorCode#CONFIG_INVALID} when the file of certificates cannot be read
     */
    public static S3Client of(S3Access access) {
        Duration connect = access.timeout().compareTo(CONNECT) < 0 ? access.timeout() : CONNECT;
        Apache5HttpClient.Builder http = Apache5HttpClient.builder()
                .maxConnections(CONNECTIONS)
                .connectionTimeout(connect)
                .connectionAcquisitionTimeout(access.timeout())
                .socketTimeout(access.timeout())
                .tcpKeepAlive(true);
        access.caFile()
                .map(TrustedServers::managers)
                .ifPresent(trusted -> http.tlsTrustManagersProvider(() -> trusted));
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(access.region()))
                .credentialsProvider(credentials(access))
                .forcePathStyle(access.pathStyle())
                // Plain bodies: every server knows them, and bytes are not copied once more to be signed in chunks.
                .serviceConfiguration(
                        S3Configuration.builder().chunkedEncodingEnabled(false).build())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(http)
                .overrideConfiguration(override -> override.apiCallAttemptTimeout(access.timeout())
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(access.attempts())
                                .retryOnException(S3Clients::isDamagedOnTheWay)
                                .build()));
        access.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    /** A connection that broke in the middle of a body may look so to the server. The SDK takes each 400 for the caller's fault. */
    private static boolean isDamagedOnTheWay(Throwable failure) {
        return failure instanceof S3Exception answer
                && answer.awsErrorDetails() != null
                && DAMAGED.contains(String.valueOf(answer.awsErrorDetails().errorCode()));
    }

    private static AwsCredentialsProvider credentials(S3Access access) {
        return access.accessKey().isPresent()
                ? StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        access.accessKey().value(), access.secretKey().value()))
                : DefaultCredentialsProvider.builder().build();
    }
}
