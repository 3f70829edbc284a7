package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.testkit.history.DocumentHistory;
import io.palimpsest.testkit.history.HistoryEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A document history as CloudEvents: a rename is a delete and a create with the same sequence. */
final class ReplayFeed {
    private final List<Map<String, Object>> events = new ArrayList<>();

    ReplayFeed(DocumentHistory history) {
        for (HistoryEvent event : history.events()) {
            if (event.op() == HistoryEvent.Op.RENAME && event.oldPath() != null) {
                events.add(event(event.seq(), "d", event.oldPath(), null));
            }
            byte[] content = event.blob() == null ? null : history.content(event.blob());
            events.add(event(event.seq(), "c", event.path(), content));
        }
    }

    int size() {
        return events.size();
    }

    private static Map<String, Object> event(long seq, String part, String path, byte @Nullable [] content) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("specversion", "1.0");
        event.put("id", seq + part);
        event.put("source", "history");
        event.put("type", "io.palimpsest.document." + (content == null ? "deleted" : "updated"));
        event.put("subject", path);
        event.put("collection", "default");
        event.put("sequence", Long.toString(seq));
        if (content != null) {
            event.put("datacontenttype", "application/json");
            event.put(
                    "data",
                    Map.of(
                            "contentBase64",
                            Base64.getEncoder().encodeToString(content),
                            "contentType",
                            "text/markdown"));
        }
        return event;
    }

    /** Publishes events {@code [from, to)} in bulk. @return how many the server took, in order, without a refusal */
    int publish(ApiClient client, int from, int to) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Map<String, Object> event : events.subList(from, to)) {
            lines.writeBytes(Json.write(event));
            lines.write('\n');
        }
        String answers = client.postForText("/v1/changes", "application/x-ndjson", lines.toByteArray());
        int taken = 0;
        for (String line : answers.split("\n")) {
            JsonNode answer = Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class);
            if (!answer.hasNonNull("changeId")) {
                throw new IllegalStateException("event " + (from + taken) + " refused: "
                        + answer.path("code").asText());
            }
            taken++;
        }
        return taken;
    }

    /** Waits until nothing is in flight and at least this many were received. @return the total counts */
    static JsonNode awaitIdle(ApiClient client, long received, long seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        JsonNode total = Json.mapper().createObjectNode();
        while (System.nanoTime() < deadline) {
            total = client.get("/v1/status").path("total");
            if (total.path("inFlight").path("all").asLong() == 0
                    && total.path("received").asLong() >= received) {
                return total;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException("not idle after " + seconds + " s: " + total);
    }
}
