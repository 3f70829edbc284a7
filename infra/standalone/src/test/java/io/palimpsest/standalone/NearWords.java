package io.palimpsest.standalone;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.standalone.cli.ApiClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Documents of made-up words, each with one judged query whose words are like the document's and equal to none: keywords find
 * nothing, a model that sees letters finds it, see {@link HalfBlind}. Rewritten, a document has a number like the query's instead.
 */
final class NearWords {
    private static final String SYLLABLES = "kalomiruvetasonipedugafolihemuzerabicotyx";
    private static final int WORDS = 8;

    private final List<List<String>> words = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();
    private int events;

    NearWords(int documents, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < documents; i++) {
            List<String> of = new ArrayList<>();
            for (int word = 0; word < WORDS; word++) {
                of.add(word(random));
            }
            words.add(of);
            numbers.add(10_000_000 + random.nextInt(89_000_000));
        }
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            word.append(SYLLABLES.charAt(random.nextInt(SYLLABLES.length())));
        }
        return word.toString();
    }

    static String id(int document) {
        return "urn:near:" + document;
    }

    /** As its query knows it. */
    String text(int document) {
        return String.join(" ", words.get(document));
    }

    /** Other letters, and the number of which the query has the halves. */
    String rewritten(int document) {
        return word(new Random(document)) + " " + numbers.get(document);
    }

    /** Of each word, and of the number, the second half before the first: too far away for a correction of the spelling. */
    String query(int document) {
        StringBuilder query = new StringBuilder();
        words.get(document).forEach(word -> query.append(turned(word)).append(' '));
        return query.append(turned(numbers.get(document).toString())).toString();
    }

    private static String turned(String word) {
        int middle = word.length() / 2;
        return word.substring(middle) + word.substring(0, middle);
    }

    void publishFirst(ApiClient client, int documents) throws Exception {
        for (int i = 0; i < documents; i++) {
            publish(client, i, text(i));
        }
        settled(client);
    }

    void publish(ApiClient client, int document, String text) {
        event(
                client,
                "updated",
                document,
                Map.of("content", text, "contentType", "text/plain", "title", "Page " + (char) ('a' + document % 26)));
    }

    void delete(ApiClient client, int document) {
        event(client, "deleted", document, Map.of());
    }

    private void event(ApiClient client, String type, int document, Map<String, ?> data) {
        client.post(
                "/v1/changes",
                "application/cloudevents+json",
                Json.write(Map.of(
                        "specversion",
                        "1.0",
                        "id",
                        "near" + ++events,
                        "source",
                        "/test",
                        "type",
                        "io.palimpsest.document." + type,
                        "subject",
                        id(document),
                        "datacontenttype",
                        "application/json",
                        "data",
                        data)));
    }

    static void settled(ApiClient client) throws Exception {
        House.until(() -> House.inFlight(client.get("/v1/status").path("total")) == 0);
    }

    /** In BEIR's layout: each query with its document. */
    void judge(ApiClient client, int documents) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < documents; i++) {
            line(lines, "corpus", Map.of("_id", id(i), "title", "", "text", text(i)));
            line(lines, "query", Map.of("_id", "q" + i, "text", query(i)));
            line(lines, "qrel", Map.of("query-id", "q" + i, "corpus-id", id(i), "score", 2));
        }
        client.post(
                "/v1/collections/default/judgements:import?name=near",
                "application/x-ndjson",
                lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void line(StringBuilder lines, String kind, Map<String, ?> value) {
        lines.append(Json.writeText(Map.of(kind, value))).append('\n');
    }

    /** Whether a search finds the document first. */
    static boolean isFirst(ApiClient client, String query, int document) {
        return client.post("/v1/collections/default/search", Map.of("query", query, "limit", 5))
                .path("hits")
                .path(0)
                .path("document")
                .asText()
                .equals(id(document));
    }
}
