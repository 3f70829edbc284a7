package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.TopicRecords;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever looks for a trace finds every record that came of its change. */
final class TraceST {
    private static final String PLAIN = "00000000000000000000000000000aa1";
    private static final String RETRIED = "00000000000000000000000000000aa2";
    private static final String QUARANTINED = "00000000000000000000000000000aa3";
    /** The span of whoever publishes. */
    private static final String PUBLISHER = "00f067aa0ba902b7";

    private static final List<Topic<?, ?>> OF_EVERY_CHANGE = List.of(
            Topics.CHANGED,
            Topics.ACCEPTED,
            Topics.EXTRACT_SMALL,
            Topics.EXTRACTED,
            Topics.REVISED,
            Topics.INDEXED,
            Topics.LEDGER_ENTRY);

    @TempDir
    static Path dir;

    @Test
    void theTraceOfAChangeIsOnEveryTopicAlsoAfterRetries() throws Exception {
        AtomicInteger flaky = new AtomicInteger();
        AtomicInteger missing = new AtomicInteger();
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve(web, "/flaky", flaky, 503);
        serve(web, "/missing", missing, 404);
        web.start();
        String address = "http://127.0.0.1:" + web.getAddress().getPort();
        SpanCollector collector = new SpanCollector();
        try (House house = House.start(
                dir.resolve("data"),
                Map.of(
                        "fetch.allowed.hosts", "127.0.0.1",
                        "fetch.allow.private.addresses", "true",
                        "telemetry.otlp.endpoint", collector.endpoint()))) {
            String plain = publish(house, "urn:plain", House.markdown("The plover runs and stops."), PLAIN);
            String retried = publish(house, "urn:retried", "{\"reference\":\"" + address + "/flaky\"}", RETRIED);
            String refused = publish(house, "urn:refused", "{\"reference\":\"" + address + "/missing\"}", QUARANTINED);
            assertThat(house.ended(plain).path("state").asText()).isEqualTo("INDEXED");
            assertThat(house.ended(retried).path("state").asText()).isEqualTo("INDEXED");
            assertThat(flaky.get()).isEqualTo(2);
            assertThat(house.ended(refused).path("state").asText()).isEqualTo("QUARANTINED");
            HttpResponse<String> again = house.send(house.request("/v1/quarantine/retry", house.palimpsest.key())
                    .POST(HttpRequest.BodyPublishers.ofString("{\"all\":true}"))
                    .build());
            assertThat(again.statusCode()).as(again.body()).isEqualTo(202);
            House.until(() -> house.ended(refused).path("state").asText().equals("INDEXED"));

            Map<String, List<String>> traces = traces(house);
            for (Topic<?, ?> topic : OF_EVERY_CHANGE) {
                assertThat(traces.get(topic.name())).as(topic.name()).contains(PLAIN, RETRIED, QUARANTINED);
            }
            assertThat(traces.get(Topics.EXTRACT_SMALL.name()))
                    .as("the work of each change, twice for what was tried twice")
                    .containsExactlyInAnyOrder(PLAIN, RETRIED, RETRIED, QUARANTINED, QUARANTINED);
        } finally {
            web.stop(0);
            collector.close();
        }
        spansOfTheHops(collector);
    }

    /** A stop sends what is left, so they have arrived. */
    private static void spansOfTheHops(SpanCollector collector) {
        Map.of(PLAIN, 1, RETRIED, 2, QUARANTINED, 2).forEach((trace, tries) -> {
            List<SpanCollector.Span> spans = collector.spans(trace);
            SpanCollector.Span accepted = spans.stream()
                    .filter(span -> span.name().equals("POST /v1/changes"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no span of the call in " + spans));
            assertThat(accepted.parent()).isEqualTo(PUBLISHER);
            assertThat(spans.stream().filter(span -> span.name().equals("extract")))
                    .as(spans.toString())
                    .hasSize(tries)
                    .allMatch(span -> span.parent().equals(accepted.id()));
            assertThat(spans).as(spans.toString()).hasSize(1 + tries);
        });
    }

    /** Fails the first time. */
    private static void serve(HttpServer web, String path, AtomicInteger asked, int failure) {
        web.createContext(path, exchange -> {
            boolean fail = asked.incrementAndGet() == 1;
            byte[] body = ("It is there at last: " + path).getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.sendResponseHeaders(fail ? failure : 200, fail ? -1 : body.length);
            if (!fail) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
    }

    private static String publish(House house, String document, String data, String trace) throws Exception {
        HttpResponse<String> response = house.send(house.request("/v1/changes", house.palimpsest.key())
                .header("Content-Type", "application/cloudevents+json")
                .header("traceparent", "00-" + trace + "-" + PUBLISHER + "-01")
                .POST(HttpRequest.BodyPublishers.ofString(house.event("created", document, data)))
                .build());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        JsonNode receipt = House.json(response);
        return receipt.path("changeId").asText();
    }

    /** By topic: the trace id of each of its records. */
    private static Map<String, List<String>> traces(House house) {
        Map<String, List<String>> traces = new TreeMap<>();
        List<String> topics = OF_EVERY_CHANGE.stream().map(Topic::name).toList();
        for (ConsumerRecord<byte[], byte[]> record : TopicRecords.of(topics, house.consumer())) {
            EventHeaders.get(record.headers(), EventHeaders.TRACEPARENT)
                    .ifPresent(parent -> traces.computeIfAbsent(record.topic(), topic -> new ArrayList<>())
                            .add(parent.split("-", -1)[1]));
        }
        return traces;
    }
}
