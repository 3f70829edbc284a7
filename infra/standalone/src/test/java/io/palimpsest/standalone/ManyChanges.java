package io.palimpsest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.standalone.cli.ApiClient;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Creates, edits, deletes and resurrections of documents, then each window of them out of order and some sent twice. The
 * first paragraph of a text has a word of its own for the document and one for the version; no text is in two documents.
 */
final class ManyChanges {
    private static final int WINDOW = 8;

    /** As sent, repetitions included. */
    private final List<Map<String, Object>> sent = new ArrayList<>();

    private final SequencedMap<String, String> texts = new TreeMap<>();
    private final List<String> deleted = new ArrayList<>();
    private final int distinct;

    ManyChanges(int documents, int changes, Random random) {
        List<Map<String, Object>> events = new ArrayList<>();
        int[] marks = new int[documents * 6];
        for (int sequence = 1; sequence <= changes; sequence++) {
            int document = sequence <= documents ? sequence - 1 : random.nextInt(documents);
            String id = "urn:doc:" + document;
            boolean delete = texts.containsKey(id) && random.nextInt(6) == 0;
            if (delete) {
                texts.remove(id);
                deleted.add(id);
            } else {
                marks[document * 6 + random.nextInt(6)] = sequence;
                texts.put(id, text(document, sequence, marks));
                deleted.remove(id);
            }
            events.add(event(sequence, id, delete ? null : texts.get(id)));
        }
        distinct = events.size();
        for (int from = 0; from < events.size(); from += WINDOW) {
            List<Map<String, Object>> window =
                    new ArrayList<>(events.subList(from, Math.min(from + WINDOW, events.size())));
            window.add(events.get(random.nextInt(from + window.size())));
            Collections.shuffle(window, random);
            sent.addAll(window);
        }
    }

    private static String text(int document, int version, int[] marks) {
        StringBuilder text = new StringBuilder(
                "# Report " + document + "\n\n" + word(document) + " is at " + mark(version) + " and nowhere else.\n");
        for (int paragraph = 0; paragraph < 6; paragraph++) {
            text.append("\n## Part ")
                    .append(document)
                    .append('.')
                    .append(paragraph)
                    .append("\n\n");
            for (int sentence = 0; sentence < 12; sentence++) {
                text.append("Line ")
                        .append(sentence)
                        .append(" of report ")
                        .append(document)
                        .append(" tells what the lamp keeper of tower ")
                        .append(document * 100 + paragraph)
                        .append(" saw in night ")
                        .append(marks[document * 6 + paragraph])
                        .append(". ");
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Only in this document. */
    static String word(int document) {
        return "zeb" + letters(document);
    }

    private static String mark(int version) {
        return "qux" + letters(version);
    }

    /** Numbers are no words to search for exactly. */
    private static String letters(int number) {
        StringBuilder letters = new StringBuilder();
        for (char digit : Integer.toString(number).toCharArray()) {
            letters.append((char) ('a' + digit - '0'));
        }
        return letters.append("ov").toString();
    }

    private static Map<String, Object> event(int sequence, String document, @Nullable String text) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("specversion", "1.0");
        event.put("id", "e" + sequence);
        event.put("source", "/many");
        event.put("type", "io.palimpsest.document." + (text == null ? "deleted" : "updated"));
        event.put("subject", document);
        event.put("sequence", Integer.toString(sequence));
        if (text != null) {
            event.put("datacontenttype", "application/json");
            event.put("data", Map.of("content", text, "contentType", "text/markdown"));
        }
        return event;
    }

    int size() {
        return sent.size();
    }

    /** Without repetitions. */
    int distinct() {
        return distinct;
    }

    /** What each living document must say in the end. */
    SequencedMap<String, String> texts() {
        return Collections.unmodifiableSequencedMap(texts);
    }

    List<String> deleted() {
        return List.copyOf(deleted);
    }

    static int number(String document) {
        return Integer.parseInt(document.substring("urn:doc:".length()));
    }

    /** Publishes {@code [from, to)} in bulk. @return how many were taken for certain, in order */
    int publish(ApiClient client, int from, int to) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Map<String, Object> event : sent.subList(from, to)) {
            lines.writeBytes(Json.write(event));
            lines.write('\n');
        }
        int taken = 0;
        for (String line : client.postForText("/v1/changes", "application/x-ndjson", lines.toByteArray())
                .split("\n")) {
            JsonNode answer = Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class);
            if (!answer.hasNonNull("changeId")) {
                return taken;
            }
            taken++;
        }
        return taken;
    }
}
