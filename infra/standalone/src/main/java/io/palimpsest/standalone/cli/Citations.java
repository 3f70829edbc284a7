package io.palimpsest.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** How hits and citations read in a terminal. */
final class Citations {
    private Citations() {}

    /** Document, page and heading path, as far as known. */
    static String place(JsonNode hit) {
        List<String> parts = new ArrayList<>();
        parts.add(hit.path("location").asText(hit.path("document").asText()));
        if (hit.hasNonNull("page")) {
            parts.add("page " + hit.path("page").asInt());
        }
        List<String> headings = new ArrayList<>();
        hit.path("headingPath").forEach(h -> headings.add(h.asText()));
        if (!headings.isEmpty()) {
            parts.add(String.join(" > ", headings));
        }
        return String.join(", ", parts);
    }

    static String oneLine(String text, int limit) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= limit ? line : line.substring(0, limit - 1) + "…";
    }

    static String text(JsonNode node) {
        return node.isTextual() ? node.asText() : node.toString();
    }
}
