package io.palimpsest.ingest.source.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads bucket notifications: S3's own form ({@code Records[].s3}, which MinIO, Ceph and versitygw send too), that inside an
 * SNS or SQS envelope, and EventBridge's ({@code detail.object}). Keys of S3's form are encoded as in HTML forms, but not by
 * every server (versitygw): where it makes a difference both readings are told, since a look where nothing is costs nothing.
 * Keys of EventBridge are not encoded.
 *
 * <p>Failure: {@link ErrorCode#DATA_INVALID}.
 */
public final class S3Notices {
    private static final int DEEPEST = 3;

    private S3Notices() {}

    /** What happened to objects; nothing for the test that AWS sends when notifications are set up. */
    public static List<S3Notice> read(byte[] json) {
        List<S3Notice> notices = new ArrayList<>();
        try {
            read(Json.mapper().readTree(json), notices, 0);
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.DATA_INVALID, "the notification is not JSON", e);
        }
        return notices;
    }

    private static void read(@Nullable JsonNode root, List<S3Notice> notices, int depth)
            throws JsonProcessingException {
        if (root == null || !(root.isObject() || root.isArray()) || depth > DEEPEST) {
            throw unknown();
        }
        if (root.isArray()) {
            for (JsonNode each : root) {
                read(each, notices, depth + 1);
            }
        } else if (root.path("Records").isArray()) {
            for (JsonNode record : root.path("Records")) {
                if (record.path("s3").isObject()) {
                    addRecord(record.path("s3"), notices);
                } else {
                    read(Json.mapper().readTree(record.path("body").asText()), notices, depth + 1); // of SQS
                }
            }
        } else if (root.path("detail").path("object").isObject()) {
            JsonNode detail = root.path("detail");
            notices.add(notice(
                    detail.path("bucket"), detail.path("object").path("key").asText()));
        } else if (root.path("Message").isTextual()) {
            read(Json.mapper().readTree(root.path("Message").asText()), notices, depth + 1); // of SNS
        } else if (!"s3:TestEvent".equals(root.path("Event").asText())) {
            throw unknown();
        }
    }

    private static void addRecord(JsonNode s3, List<S3Notice> notices) {
        String key = s3.path("object").path("key").asText();
        notices.add(notice(s3.path("bucket"), key));
        try {
            String decoded = URLDecoder.decode(key, UTF_8);
            if (!decoded.equals(key)) {
                notices.add(notice(s3.path("bucket"), decoded));
            }
        } catch (IllegalArgumentException e) {
            // Not encoded: a key with a percent sign.
        }
    }

    private static S3Notice notice(JsonNode bucket, String key) {
        String name = bucket.path("name").asText();
        if (name.isEmpty() || key.isEmpty()) {
            throw unknown();
        }
        return new S3Notice(name, key);
    }

    private static PalimpsestException unknown() {
        return new PalimpsestException(
                ErrorCode.DATA_INVALID,
                "the notification has neither Records[].s3 nor detail.object with bucket and key");
    }
}
