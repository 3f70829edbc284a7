package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** An entry of the log and its place in it, for people. */
final class LogLine {
    private LogLine() {}

    /** @param each {@code index} and {@code entry}, as the API has them */
    static String of(JsonNode each) {
        JsonNode entry = each.path("entry");
        List<String> facts = entry.path("facts").properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(fact -> fact.getKey() + "=" + fact.getValue().asText())
                .toList();
        return String.format(
                "%8d  %-30s %-20s %-24s %s",
                each.path("index").asLong(),
                entry.path("at").asText(),
                entry.path("type").asText(),
                entry.path("actor").asText(),
                String.join(" ", facts));
    }
}
