package io.palimpsest.platform.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

final class S3TroubleTest {
    @ParameterizedTest
    @CsvSource({
        "NoSuchBucket, 404, NO_BUCKET",
        "SignatureDoesNotMatch, 403, CREDENTIALS",
        "ExpiredToken, 400, CREDENTIALS",
        "AccessDenied, 403, NOT_ALLOWED",
        "MethodNotAllowed, 405, NOT_ALLOWED",
        "PermanentRedirect, 301, OTHER_REGION",
        "RequestTimeTooSkewed, 403, CLOCK",
        "SlowDown, 503, BUSY",
        "QuotaExceeded, 403, FULL",
        "'', 507, FULL",
        "NotImplemented, 501, UNSUPPORTED",
        "InternalError, 500, FAILED",
        "'', 403, FORBIDDEN"
    })
    void eachAnswerSaysWhatToDo(String code, int status, S3Trouble expected) {
        SdkException answer = S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();

        assertThat(S3Trouble.of(answer)).isEqualTo(expected);
        assertThat(S3Trouble.cause(answer)).contains(Integer.toString(status), code);
        assertThat(expected.advice("content.s3")).doesNotContain("%");
    }

    @Test
    void silenceIsNotLasting() {
        assertThat(S3Trouble.of(silence("Unable to execute HTTP request", new ConnectException("refused"))))
                .isEqualTo(S3Trouble.SILENT)
                .returns(false, S3Trouble::isLasting);
        assertThat(S3Trouble.of(silence("Unable to execute HTTP request", new UnknownHostException("nowhere"))))
                .isEqualTo(S3Trouble.UNKNOWN_HOST);
        assertThat(S3Trouble.of(silence(
                        "Unable to execute HTTP request",
                        new SSLHandshakeException("PKIX").initCause(new CertificateException("PKIX")))))
                .isEqualTo(S3Trouble.UNTRUSTED)
                .returns(true, S3Trouble::isLasting);
        assertThat(S3Trouble.UNTRUSTED.advice("content.s3")).contains("content.s3.ca.file", "content.s3.endpoint");
        assertThat(S3Trouble.of(silence("Unable to load credentials from any of the providers", null)))
                .isEqualTo(S3Trouble.NO_CREDENTIALS)
                .returns(true, S3Trouble::isLasting);
    }

    private static SdkException silence(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        return SdkClientException.builder().message(message).cause(cause).build();
    }
}
