package io.palimpsest.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The texts that embedding is measured on. */
final class SciFactTexts {
    private SciFactTexts() {}

    /** Two sets of as many abstracts: cut near 520 characters (about 115 tokens) and near 1,180 (about 260). */
    static Map<String, List<String>> sets(Path data, int count) throws IOException {
        List<String> abstracts = abstracts(data);
        Map<String, List<String>> sets = new LinkedHashMap<>();
        sets.put("short", cut(abstracts, 400, 520, count));
        sets.put("long", cut(abstracts, 900, 1_180, count));
        return sets;
    }

    /** Lengths differ, as passages' lengths do: text i ends a few characters before text i + 1. */
    private static List<String> cut(List<String> abstracts, int from, int to, int count) {
        return abstracts.stream()
                .filter(text -> text.length() > to)
                .limit(count)
                .map(text -> text.substring(0, from + (text.length() * 7) % (to - from + 1)))
                .toList();
    }

    /** All of them, as they are. */
    static List<String> abstracts(Path data) throws IOException {
        Path file = data.resolve("scifact").resolve("corpus.jsonl.gz");
        ObjectMapper json = new ObjectMapper();
        List<String> abstracts = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                abstracts.add(json.readTree(line).path("text").asText());
            }
        }
        return abstracts;
    }

    /** For the Python side, which reads it from a file. */
    static Path unpackTokenizer(Path directory) throws IOException {
        Path file = Files.createDirectories(directory).resolve("tokenizer.json");
        try (InputStream in = Objects.requireNonNull(
                SciFactTexts.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json"), "the model's artefact")) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
