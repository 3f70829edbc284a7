package io.palimpsest.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.standalone.cli.ApiClient;
import io.palimpsest.standalone.demo.BeirFolder.Question;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * People as a test collection knows them: they ask, are content where the first hit answers, and grade
 * what they are shown by the collection's judgements. All of it goes through the HTTP API.
 */
public final class DemoPeople {
    private static final int ANSWERS = 3;
    private static final int USELESS = 0;
    private static final int TRIES = 100;
    private static final long PAUSE_MILLIS = 100;

    private final ApiClient client;
    private final String collection;
    private final String prefix;
    private final Map<String, Set<String>> answering = new HashMap<>();

    /** @param prefix of document ids in the index, before those of the test collection */
    public DemoPeople(ApiClient client, String collection, String prefix) {
        this.client = client;
        this.collection = "/v1/collections/" + collection;
        this.prefix = prefix;
    }

    private record Asked(String queryId, boolean isContent) {}

    /**
     * Asks each and then says of each whether it was answered: a thumb up or down.
     *
     * @return share of those that were, 0 to 1
     */
    public double ask(List<Question> questions) throws InterruptedException {
        List<Asked> asked = new ArrayList<>();
        for (Question question : questions) {
            answering.put(question.text(), question.relevant());
            JsonNode answer = client.post(collection + "/search", Map.of("query", question.text(), "limit", 10));
            String first = answer.path("hits").path(0).path("document").asText();
            boolean found = question.relevant().stream().anyMatch(id -> first.equals(prefix + id));
            asked.add(new Asked(answer.path("queryId").asText(), found));
        }
        for (Asked each : asked) {
            thumb(each);
        }
        return asked.stream().filter(Asked::isContent).count() / (double) asked.size();
    }

    /** A query is known a moment after it was asked; until then the answer is 503, PAL-825. */
    private void thumb(Asked asked) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                client.post(
                        "/v1/feedback",
                        Map.of("queryId", asked.queryId(), "kind", "thumb", "value", asked.isContent() ? 1 : -1));
                return;
            } catch (ApiClient.CallFailed e) {
                if (attempt == TRIES || !String.valueOf(e.getMessage()).contains("PAL-825")) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    /**
     * Grades what the review queue gives, until it gives nothing or it was enough.
     *
     * @param reviewer a key with the role REVIEW
     * @return how many items
     */
    public int grade(ApiClient reviewer, int most) {
        int graded = 0;
        Set<String> seen = new HashSet<>();
        while (graded < most) {
            JsonNode item = reviewer.get(collection + "/review/next");
            if (item.isEmpty() || !seen.add(item.path("itemId").asText())) {
                return graded;
            }
            String document = item.path("document").asText();
            boolean answers = answering.getOrDefault(item.path("query").asText(), Set.of()).stream()
                    .anyMatch(id -> document.equals(prefix + id));
            reviewer.post(
                    collection + "/review/"
                            + ApiClient.encode(item.path("itemId").asText()),
                    Map.of("grade", answers ? ANSWERS : USELESS));
            graded++;
        }
        return graded;
    }
}
