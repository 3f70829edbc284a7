package io.palimpsest.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.standalone.demo.BeirFolder.Question;
import io.palimpsest.standalone.demo.BeirFolder.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Documents and judgements of a test collection on their way into a collection of the platform.
 *
 * @param prefix of document ids in the index, before those of the test collection
 */
public record DemoCorpus(ApiClient client, String collection, String prefix) {
    private static final String SOURCE = "/demo";

    /** Those that answer one of the questions, and others up to a number. */
    public static Map<String, Text> chosen(BeirFolder all, List<Question> questions, int most) {
        Set<String> judged = new TreeSet<>();
        questions.forEach(question -> judged.addAll(question.relevant()));
        Map<String, Text> chosen = new LinkedHashMap<>();
        judged.forEach(id -> chosen.put(id, all.documents().getOrDefault(id, new Text("", ""))));
        all.documents().forEach((id, text) -> {
            if (chosen.size() < most) {
                chosen.putIfAbsent(id, text);
            }
        });
        return chosen;
    }

    /** Publishes them all as new. */
    public void publish(Map<String, Text> documents) {
        List<String> events = new ArrayList<>();
        documents.forEach((id, text) -> events.add(event("created", id, text)));
        client.postForText(
                "/v1/changes", "application/x-ndjson", String.join("\n", events).getBytes(StandardCharsets.UTF_8));
    }

    public void update(String id, Text text) {
        client.post(
                "/v1/changes",
                "application/cloudevents+json",
                event("updated", id, text).getBytes(StandardCharsets.UTF_8));
    }

    public void delete(String id) {
        client.post(
                "/v1/changes",
                "application/cloudevents+json",
                event("deleted", id, null).getBytes(StandardCharsets.UTF_8));
    }

    private String event(String type, String id, @org.jspecify.annotations.Nullable Text text) {
        Map<String, Object> event = new LinkedHashMap<>(Map.of(
                "specversion", "1.0",
                "id", type + "-" + id,
                "source", SOURCE,
                "type", "io.palimpsest.document." + type,
                "subject", prefix + id));
        if (text != null) {
            event.put("datacontenttype", "application/json");
            event.put(
                    "data",
                    Map.of(
                            "content",
                            text.title() + "\n\n" + text.text(),
                            "contentType",
                            "text/plain",
                            "title",
                            text.title()));
        }
        return Json.writeText(event);
    }

    /**
     * Questions with their answers, as judgements that were made elsewhere.
     *
     * @param frozen whether they are only ever tested with
     * @return how many judgements
     */
    public long judge(BeirFolder all, List<Question> questions, String name, boolean frozen) {
        StringBuilder lines = new StringBuilder();
        chosen(all, questions, 0)
                .forEach((id, text) ->
                        line(lines, "corpus", Map.of("_id", prefix + id, "title", text.title(), "text", text.text())));
        for (Question question : questions) {
            line(lines, "query", Map.of("_id", question.id(), "text", question.text()));
            question.relevant()
                    .forEach(id -> line(
                            lines, "qrel", Map.of("query-id", question.id(), "corpus-id", prefix + id, "score", 1)));
        }
        JsonNode answer = client.post(
                "/v1/collections/" + collection + "/judgements:import?name=" + name + "&tag=" + name + "&frozen="
                        + frozen,
                "application/x-ndjson",
                lines.toString().getBytes(StandardCharsets.UTF_8));
        return answer.path("judgements").asLong();
    }

    private static void line(StringBuilder lines, String kind, Map<String, ?> value) {
        lines.append(Json.writeText(Map.of(kind, value))).append('\n');
    }
}
