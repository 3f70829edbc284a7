package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.s3.TestS3;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.S3Engine;
import io.palimpsest.testkit.fault.FaultProxy;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The whole flow with content in a bucket: while the server is away or takes no writes intake refuses, nothing is lost, all goes
 * on by itself.
 */
@NeedsEngine(EngineKind.S3)
final class S3StoreST {
    private static final String BUCKET = "whole-flow";

    @TempDir
    private Path data;

    @Test
    void intakeRefusesWhileTheBucketIsAwayAndEverythingGoesOnAfterwards(S3Engine engine) throws Exception {
        try (S3Client s3 = TestS3.client(engine)) {
            s3.createBucket(r -> r.bucket(BUCKET));
            try (FaultProxy door = new FaultProxy(
                            engine.endpoint().getHost(), engine.endpoint().getPort());
                    GenericContainer<?> readOnly = readOnly();
                    House house = House.start(data, settings(engine, door))) {
                house.index("created", "urn:heron", House.markdown("# Heron\n\nThe heron stands in shallow water."));
                String behind = house.publish("created", "urn:stork", House.markdown("# Stork\n\nOn chimneys."));

                door.refuse();
                HttpResponse<String> refused = publish(house);
                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();
                assertThat(refused.body()).contains("PAL-702", "content.s3.endpoint");
                House.until(() -> house.get("/health/ready", null).statusCode() == 503);
                assertThat(house.get("/health/ready", null).body()).contains("content");

                door.heal();
                house.untilReady();
                assertThat(house.ended(behind).path("state").asText()).isEqualTo("INDEXED");

                door.lead(readOnly.getHost(), readOnly.getFirstMappedPort());
                HttpResponse<String> unwritten = publish(house);
                assertThat(unwritten.statusCode()).as(unwritten.body()).isEqualTo(503);
                assertThat(unwritten.headers().firstValue("Retry-After")).isPresent();
                assertThat(unwritten.body())
                        .contains("PAL-702", "S3 at http://127.0.0.1:" + door.port(), "content.s3.access.key");
                assertThat(house.get("/health/ready", null).body()).contains("it does not allow this");

                door.lead(engine.endpoint().getHost(), engine.endpoint().getPort());
                house.untilReady();
                HttpResponse<String> taken = publish(house);
                assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
                House.until(() -> house.found("keyword", "spring").equals(List.of("urn:crane")));
                house.settled();
            }
            assertThat(data.resolve("content")).doesNotExist();
            assertThat(s3.listObjectsV2(r -> r.bucket(BUCKET)).contents()).isNotEmpty();
        }
    }

    /** A server with a bucket of the same name that takes no writes. */
    private static GenericContainer<?> readOnly() throws Exception {
        GenericContainer<?> container = S3Engine.startContainer(Map.of("VGW_READ_ONLY", "true"))
                .container()
                .orElseThrow();
        container.execInContainer("mkdir", "/objects/" + BUCKET);
        return container;
    }

    private static HttpResponse<String> publish(House house) throws Exception {
        String event = house.event("created", "urn:crane", House.markdown("# Crane\n\nThe crane dances in spring."));
        return house.post(event.getBytes(UTF_8), "application/cloudevents+json", house.palimpsest.key());
    }

    private static Map<String, String> settings(S3Engine engine, FaultProxy door) {
        return Map.of(
                "content.store",
                "s3",
                "content.s3.endpoint",
                "http://127.0.0.1:" + door.port(),
                "content.s3.region",
                engine.region(),
                "content.s3.bucket",
                BUCKET,
                "content.s3.prefix",
                "here",
                "content.s3.access.key",
                engine.accessKey(),
                "content.s3.secret.key",
                engine.secretKey(),
                "content.s3.timeout",
                "PT2S",
                "content.s3.attempts",
                "2");
    }
}
