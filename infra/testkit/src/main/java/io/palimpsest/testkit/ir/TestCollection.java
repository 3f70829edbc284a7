package io.palimpsest.testkit.ir;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Documents, queries and relevance judgements.
 *
 * @param qrels query id to document id to gain (0 = not relevant)
 */
public record TestCollection(
        String name, List<Document> documents, Map<String, String> queries, Map<String, Map<String, Integer>> qrels) {

    /** One document; {@code text} may be empty. */
    public record Document(String id, String title, String text) {}

    /** At most {@code count} documents: the judged ones, then the first others. */
    public TestCollection sample(int count) {
        Set<String> judged = new HashSet<>();
        qrels.values().forEach(gains -> judged.addAll(gains.keySet()));
        List<Document> kept = Stream.concat(
                        documents.stream().filter(d -> judged.contains(d.id())),
                        documents.stream().filter(d -> !judged.contains(d.id())))
                .limit(count)
                .toList();
        return new TestCollection(name, kept, queries, qrels);
    }

    /** The same documents with the judgements of the first queries only. */
    public TestCollection firstQueries(int count) {
        Map<String, Map<String, Integer>> first = new LinkedHashMap<>();
        qrels.entrySet().stream().limit(count).forEach(judged -> first.put(judged.getKey(), judged.getValue()));
        return new TestCollection(name, documents, queries, first);
    }

    /** BEIR SciFact, test split, binary gains. */
    public static TestCollection scifact(Path folder) throws IOException {
        return scifact(folder, "scifact", "qrels/test.tsv");
    }

    /** The same documents with the claims of the training split: what settings are chosen on. */
    public static TestCollection scifactTraining(Path folder) throws IOException {
        return scifact(folder, "scifact, training claims", "qrels/train.tsv");
    }

    private static TestCollection scifact(Path folder, String name, String judgements) throws IOException {
        List<Document> documents = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(folder.resolve("corpus.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode json = Json.mapper().readTree(line);
                documents.add(new Document(
                        json.path("_id").asText(),
                        json.path("title").asText(),
                        json.path("text").asText()));
            }
        }
        Map<String, String> queries = new HashMap<>();
        for (String line : Files.readAllLines(folder.resolve("queries.jsonl"))) {
            JsonNode json = Json.mapper().readTree(line);
            queries.put(json.path("_id").asText(), json.path("text").asText());
        }
        Map<String, Map<String, Integer>> qrels = new LinkedHashMap<>();
        List<String> rows = Files.readAllLines(folder.resolve(judgements));
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split("\t", -1);
            qrels.computeIfAbsent(cells[0], k -> new HashMap<>()).put(cells[1], Integer.parseInt(cells[2].strip()));
        }
        return new TestCollection(name, documents, queries, qrels);
    }

    /** Cranfield with binary gains (codes 1 to 4 relevant); judgements name queries by their ordinal. */
    public static TestCollection cranfield(Path folder) throws IOException {
        List<Document> documents = new ArrayList<>();
        for (Map<String, String> record : records(folder.resolve("cran.all.1400"))) {
            documents.add(new Document(
                    record.getOrDefault("I", ""),
                    record.getOrDefault("T", ""),
                    withoutTitle(record.getOrDefault("W", ""), record.getOrDefault("T", ""))));
        }
        Map<String, String> queries = new HashMap<>();
        int ordinal = 0;
        for (Map<String, String> record : records(folder.resolve("cran.qry"))) {
            queries.put(Integer.toString(++ordinal), record.getOrDefault("W", ""));
        }
        Map<String, Map<String, Integer>> qrels = new LinkedHashMap<>();
        for (String row : Files.readAllLines(folder.resolve("cranqrel"))) {
            String[] cells = row.strip().split("\\s+", -1);
            if (cells.length >= 3 && Integer.parseInt(cells[2]) >= 1) {
                qrels.computeIfAbsent(cells[0], k -> new HashMap<>()).put(cells[1], 1);
            }
        }
        return new TestCollection("cranfield", documents, queries, qrels);
    }

    /** The body of a Cranfield document repeats the title as its first lines. */
    private static String withoutTitle(String body, String title) {
        return body.startsWith(title) ? body.substring(title.length()).strip() : body;
    }

    private static List<Map<String, String>> records(Path file) throws IOException {
        List<Map<String, String>> records = new ArrayList<>();
        String field = "";
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(".I ")) {
                records.add(new HashMap<>(Map.of("I", line.substring(3).strip())));
            } else if (line.length() == 2 && line.charAt(0) == '.') {
                field = line.substring(1);
            } else if (!records.isEmpty()) {
                records.getLast().merge(field, line.strip(), (a, b) -> a + " " + b);
            }
        }
        return records;
    }
}
