package io.palimpsest.platform.s3;

import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLPeerUnverifiedException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Why a request failed, as far as it decides what an operator has to do. */
enum S3Trouble {
    NO_BUCKET(true, "there is no such bucket: create it, or correct %s.bucket"),
    CREDENTIALS(true, "it refuses the credentials: correct %1$s.access.key and %1$s.secret.key"),
    NO_CREDENTIALS(
            true,
            "no credentials are given nor found: set %1$s.access.key and %1$s.secret.key, or those of AWS' tools"),
    NOT_ALLOWED(
            true, "it does not allow this: give %s.access.key the permission to list, read, write and delete there"),
    /** Without saying why, as every answer to HEAD. */
    FORBIDDEN(
            true,
            "it refuses the credentials, or does not allow them this: correct %1$s.access.key and %1$s.secret.key, or give that"
                    + " key the permission to list, read, write and delete there"),
    OTHER_REGION(true, "the bucket is elsewhere: correct %1$s.region or %1$s.endpoint"),
    CLOCK(false, "the clocks differ too much: correct that of this machine or of the server"),
    UNKNOWN_HOST(false, "no such host is known: correct %s.endpoint, or the name service"),
    UNTRUSTED(
            true,
            "its certificate is not trusted for this address: give that of its authority as %1$s.ca.file, or correct"
                    + " %1$s.endpoint"),
    FULL(false, "it has no room left: give it more, or raise the quota"),
    BUSY(false, "it is overloaded; it is tried again"),
    UNSUPPORTED(true, "it cannot do this: use a server that can, see the guide"),
    FAILED(false, "it failed; see the server's log"),
    /** Perhaps it was done, perhaps not. */
    SILENT(false, "it does not answer: start it, or correct %s.endpoint; it is tried again");

    private final boolean lasting;
    private final String advice;

    S3Trouble(boolean lasting, String advice) {
        this.lasting = lasting;
        this.advice = advice;
    }

    /** Whether it fails again until somebody changes something. */
    boolean isLasting() {
        return lasting;
    }

    /** Whether reads may be answered all the same. */
    boolean isOfWrites() {
        return this == FULL || this == NOT_ALLOWED;
    }

    /** @param settings what the names of the settings begin with, such as {@code content.s3} */
    String advice(String settings) {
        return advice.formatted(settings);
    }

    static S3Trouble of(SdkException e) {
        return e instanceof S3Exception answer ? ofAnswer(answer.statusCode(), code(answer)) : ofSilence(e);
    }

    /** What the server called it; with the status where it did not. */
    static String cause(SdkException e) {
        if (e instanceof S3Exception answer) {
            String code = code(answer);
            return code.isEmpty() ? "status " + answer.statusCode() : code + ", status " + answer.statusCode();
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName();
    }

    private static S3Trouble ofAnswer(int status, String code) {
        return switch (code) {
            case "NoSuchBucket", "InvalidBucketName" -> NO_BUCKET;
            case "InvalidAccessKeyId",
                    "SignatureDoesNotMatch",
                    "InvalidToken",
                    "ExpiredToken",
                    "InvalidSecurity",
                    "XAdminUserNotFound", // versitygw, of an unknown access key
                    "TokenRefreshRequired" -> CREDENTIALS;
            case "RequestTimeTooSkewed", "RequestExpired" -> CLOCK;
            case "PermanentRedirect",
                    "AuthorizationHeaderMalformed",
                    "TemporaryRedirect",
                    "IllegalLocationConstraint" -> OTHER_REGION;
            case "QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "EntityTooLarge" -> FULL;
            case "SlowDown", "ServiceUnavailable", "TooManyRequests", "RequestLimitExceeded" -> BUSY;
            case "NotImplemented" -> UNSUPPORTED;
            default -> code.isEmpty() && status == 403 ? FORBIDDEN : ofStatus(status);
        };
    }

    private static S3Trouble ofStatus(int status) {
        return switch (status) {
            case 301, 302, 307, 308 -> OTHER_REGION;
            case 401 -> CREDENTIALS;
            case 403, 405 -> NOT_ALLOWED;
            case 429, 503 -> BUSY;
            case 501 -> UNSUPPORTED;
            case 507 -> FULL;
            default -> FAILED;
        };
    }

    private static S3Trouble ofSilence(SdkException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("unable to load credentials")) {
            return NO_CREDENTIALS;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return UNKNOWN_HOST;
            }
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                return UNTRUSTED;
            }
        }
        return SILENT;
    }

    private static String code(S3Exception e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null ? "" : Objects.requireNonNullElse(details.errorCode(), "");
    }
}
