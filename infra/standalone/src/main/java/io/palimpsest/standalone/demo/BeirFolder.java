package io.palimpsest.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * A test collection in BEIR's layout: {@code corpus.jsonl} (or {@code .gz}), {@code queries.jsonl}, {@code qrels/train.tsv} and
 * {@code qrels/test.tsv} (Thakur et al., "BEIR", NeurIPS 2021).
 *
 * @param documents by id
 * @param train questions that may be trained on
 * @param test questions that may not
 */
public record BeirFolder(Map<String, Text> documents, List<Question> train, List<Question> test) {
    /** Title and text of a document. */
    public record Text(String title, String text) {}

    /** @param relevant ids of the documents that answer it; at least one */
    public record Question(String id, String text, Set<String> relevant) {}

    /** @throws PalimpsestException DATA_INVALID where it is not there or not of this layout */
    public static BeirFolder read(Path folder) {
        try {
            Map<String, Text> documents = new LinkedHashMap<>();
            Path corpus = folder.resolve("corpus.jsonl");
            lines(
                    Files.exists(corpus) ? corpus : folder.resolve("corpus.jsonl.gz"),
                    line -> documents.put(
                            line.path("_id").asText(),
                            new Text(
                                    line.path("title").asText(),
                                    line.path("text").asText())));
            Map<String, String> queries = new TreeMap<>();
            lines(
                    folder.resolve("queries.jsonl"),
                    line -> queries.put(
                            line.path("_id").asText(), line.path("text").asText()));
            return new BeirFolder(
                    documents,
                    questions(folder.resolve("qrels/train.tsv"), queries, documents.keySet()),
                    questions(folder.resolve("qrels/test.tsv"), queries, documents.keySet()));
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.DATA_INVALID,
                    folder + " is no test collection in BEIR's layout (corpus.jsonl, queries.jsonl, qrels/train.tsv,"
                            + " qrels/test.tsv). SciFact is one (github.com/beir-cellar/beir says where to get it): give its folder"
                            + " with --beir",
                    e);
        }
    }

    private static void lines(Path file, Consumer<JsonNode> each) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                each.accept(Json.mapper().readTree(line));
            }
        }
    }

    /** In the order of the file, which begins with a line of names. */
    private static List<Question> questions(Path file, Map<String, String> queries, Set<String> documents)
            throws IOException {
        Map<String, Set<String>> relevant = new LinkedHashMap<>();
        for (String row : Files.readAllLines(file).stream()
                .skip(1)
                .filter(r -> !r.isBlank())
                .toList()) {
            String[] columns = row.split("\t", -1);
            if (columns.length < 3) {
                throw new IOException(file + " has a line without three columns");
            }
            if (!columns[2].strip().equals("0") && documents.contains(columns[1])) {
                relevant.computeIfAbsent(columns[0], id -> new LinkedHashSet<>())
                        .add(columns[1]);
            }
        }
        return relevant.entrySet().stream()
                .filter(judged -> queries.containsKey(judged.getKey()))
                .map(judged -> new Question(
                        judged.getKey(), queries.getOrDefault(judged.getKey(), ""), Set.copyOf(judged.getValue())))
                .toList();
    }
}
