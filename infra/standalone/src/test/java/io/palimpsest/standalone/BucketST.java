package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.platform.s3.TestS3;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.S3Engine;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** From objects of a versioned bucket to hits: by listing, by webhook, by Kafka, and after a restart. */
@NeedsEngine(EngineKind.S3)
final class BucketST {
    private static final String BUCKET = "watched";
    private static final String TOPIC = "bucket-events";

    @TempDir
    private Path data;

    @Test
    void objectsAreFoundFollowedAndForgotten(S3Engine engine) throws Exception {
        try (S3Client s3 = TestS3.client(engine)) {
            s3.createBucket(r -> r.bucket(BUCKET));
            s3.putBucketVersioning(
                    r -> r.bucket(BUCKET).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
            put(s3, "in/birds/heron größe.md", "# Heron\n\nThe heron stands in shallow water.");
            put(s3, "out/secret.md", "# Secret\n\nNobody watches shallow water here.");
            try (House house = House.start(data, settings(engine, ""))) {
                House.until(() -> house.found("keyword", "shallow water")
                        .equals(List.of("s3://watched/in/birds/heron%20gr%C3%B6%C3%9Fe.md")));
                byWebhook(house, s3);
                house.settled();
                try (Admin admin = Admin.create(Map.of("bootstrap.servers", house.palimpsest.kafka()))) {
                    admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                            .all()
                            .get();
                }
            }
            s3.deleteObject(r -> r.bucket(BUCKET).key("in/crane.md"));
            put(s3, "in/stork.md", "# Stork\n\nThe stork nests on chimneys.");
            try (House house = House.start(data, settings(engine, TOPIC))) { // nobody told
                House.until(() -> house.found("keyword", "chimneys").equals(List.of("s3://watched/in/stork.md")));
                House.until(() -> house.found("keyword", "dances").isEmpty());
                byKafka(house, s3);
                JsonNode bucket = house.get("/v1/status").path("buckets").path(0);
                assertThat(bucket.path("name").asText()).isEqualTo("docs");
                assertThat(bucket.path("bucket").asText()).isEqualTo("watched/in/");
                assertThat(bucket.path("listed").asInt()).isEqualTo(2);
                house.settled();
            }
        }
    }

    private static void byWebhook(House house, S3Client s3) throws Exception {
        put(s3, "in/crane.md", "# Crane\n\nThe crane dances in spring.");
        String notice = "{\"Records\":[{\"eventName\":\"s3:ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"" + BUCKET
                + "\"},\"object\":{\"key\":\"in%2Fcrane.md\"}}}]}";
        assertThat(post(house, "docs", notice, null).statusCode()).isEqualTo(401);
        assertThat(post(house, "others", notice, house.palimpsest.key()).statusCode())
                .isEqualTo(404);
        assertThat(post(house, "docs", "{}", house.palimpsest.key()).statusCode())
                .isEqualTo(400);
        HttpResponse<String> taken = post(house, "docs", notice, house.palimpsest.key());
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        House.until(() -> house.found("keyword", "dances").equals(List.of("s3://watched/in/crane.md")));
    }

    private static void byKafka(House house, S3Client s3) throws Exception {
        put(s3, "in/stork.md", "# Stork\n\nThe stork leaves in autumn.");
        String notice = "{\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":{\"name\":\"" + BUCKET
                + "\"},\"object\":{\"key\":\"in/stork.md\"}}}";
        try (KafkaProducer<byte[], byte[]> producer = house.producer()) {
            producer.send(new ProducerRecord<>(TOPIC, "no notification".getBytes(UTF_8)))
                    .get();
            producer.send(new ProducerRecord<>(TOPIC, notice.getBytes(UTF_8))).get();
        }
        House.until(() -> house.found("keyword", "autumn").equals(List.of("s3://watched/in/stork.md")));
        House.until(() -> house.found("keyword", "chimneys").isEmpty());
    }

    private static HttpResponse<String> post(House house, String name, String body, @Nullable String key)
            throws Exception {
        return house.send(house.request("/v1/sources/s3/" + name + "/notifications", key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static void put(S3Client s3, String key, String text) {
        s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString(text));
    }

    private static Map<String, String> settings(S3Engine engine, String topic) {
        return Map.of(
                "s3.source.buckets", "docs=" + BUCKET + "/in/",
                "s3.source.endpoint", engine.endpoint().toString(),
                "s3.source.region", engine.region(),
                "s3.source.access.key", engine.accessKey(),
                "s3.source.secret.key", engine.secretKey(),
                "s3.source.rescan", "PT1H",
                "s3.source.topic", topic);
    }
}
