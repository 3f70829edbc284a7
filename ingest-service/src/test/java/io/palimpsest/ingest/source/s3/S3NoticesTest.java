package io.palimpsest.ingest.source.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms in which servers tell. Samples of versitygw 1.8.0 were recorded; the others follow the vendors' documents. */
final class S3NoticesTest {
    private static final String AWS = """
            {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put",
              "s3":{"bucket":{"name":"docs"},
                    "object":{"key":"a+b/gr%C3%B6%C3%9Fe%2B.txt","size":3,"eTag":"d41d","versionId":"v1",
                              "sequencer":"0055AED6DCD90281E5"}}},
             {"eventName":"ObjectRemoved:DeleteMarkerCreated",
              "s3":{"bucket":{"name":"docs"},"object":{"key":"plain.txt","sequencer":"0055AED6DCD90281E6"}}}]}
            """;
    private static final String MINIO = """
            {"EventName":"s3:ObjectCreated:Put","Key":"docs/a b.txt",
             "Records":[{"eventSource":"minio:s3","eventName":"s3:ObjectCreated:Put",
              "s3":{"bucket":{"name":"docs"},
                    "object":{"key":"a%20b.txt","eTag":"d41d","sequencer":"17D3A2B1C0D4E5F6"}}}]}
            """;
    private static final String EVENT_BRIDGE = """
            {"version":"0","detail-type":"Object Created","source":"aws.s3",
             "detail":{"version":"0","bucket":{"name":"docs"},
                       "object":{"key":"a+b 100%.txt","etag":"d41d","sequencer":"617f08299329d189"},"reason":"PutObject"}}
            """;

    @Test
    void keysOfS3AreDecodedAndTheRawReadingIsKept() {
        assertThat(read(AWS))
                .containsExactly(
                        new S3Notice("docs", "a+b/gr%C3%B6%C3%9Fe%2B.txt"),
                        new S3Notice("docs", "a b/größe+.txt"),
                        new S3Notice("docs", "plain.txt"));
    }

    @Test
    void otherServersAndEnvelopesAreRead() {
        assertThat(read(MINIO)).contains(new S3Notice("docs", "a b.txt"));
        assertThat(read(EVENT_BRIDGE)).containsExactly(new S3Notice("docs", "a+b 100%.txt"));
        assertThat(read("{\"Type\":\"Notification\",\"Message\":" + Json.writeText(AWS) + "}"))
                .isEqualTo(read(AWS));
        assertThat(read("{\"Records\":[{\"messageId\":\"1\",\"body\":" + Json.writeText(MINIO) + "}]}"))
                .isEqualTo(read(MINIO));
        assertThat(read("[" + MINIO + "," + EVENT_BRIDGE + "]")).hasSize(3);
    }

    @Test
    void versitygwEncodesNoKeys() throws IOException {
        assertThat(read(sample("versitygw-put.json"))).contains(new S3Notice("bkt", "a b/größe+.txt"));
    }

    @Test
    void theTestOfASetUpNamesNothing() throws IOException {
        assertThat(read(sample("versitygw-test.json"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "{}",
                "1",
                "{\"Records\":[{\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{}}}]}",
                "{\"Records\":[{}]}",
                "[[[[[{}]]]]]",
                "{\"Message\":\"no JSON\"}"
            })
    void anythingElseIsRefused(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_INVALID));
    }

    private static List<S3Notice> read(String json) {
        return S3Notices.read(json.getBytes(UTF_8));
    }

    private static String sample(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(S3NoticesTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
